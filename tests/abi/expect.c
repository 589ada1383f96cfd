// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Demands of a case: reports one that is not met, and ends the process. The
 * verdict on the case is made in frame.c.
 */
#include "expect.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *expect_errno_name(int error)
{
	const char *name = strerrorname_np(error);

	if (!error)
		return "success";
	return name ? name : "an unknown errno";
}

static void print_line(const char *format, va_list arguments)
{
	vprintf(format, arguments);
	putchar('\n');
	fflush(stdout);
}

void expect_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("#   ", stdout);
	print_line(format, arguments);
	va_end(arguments);
}

void expect_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("#   %s:%d: ", file, line);
	print_line(format, arguments);
	va_end(arguments);
	_exit(1);
}

void expect_true(const char *file, int line, const char *condition, bool met)
{
	if (!met)
		expect_fail(file, line, "not true: %s", condition);
}

void expect_equal(const char *file, int line, const char *what, long long got,
		  const char *why, long long wanted)
{
	if (got != wanted)
		expect_fail(file, line, "%s is %lld, not %lld (%s)", what, got,
			    wanted, why);
}

void expect_error(const char *file, int line, const char *call, long result,
		  int error)
{
	int got = errno;

	if (result != -1)
		expect_fail(file, line, "%s returned %ld, not %s", call, result,
			    expect_errno_name(error));
	if (got != error)
		expect_fail(file, line, "%s failed with %s, not %s", call,
			    expect_errno_name(got), expect_errno_name(error));
}

long expect_success(const char *file, int line, const char *call, long result)
{
	if (result == -1)
		expect_fail(file, line, "%s failed with %s", call,
			    expect_errno_name(errno));
	return result;
}
