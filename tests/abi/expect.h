/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a case demands. A demand that is not met is told with its place, and
 * ends the process at once, from whatever thread: the case has failed. The
 * frame (frame.h) knows nothing of demands but the exit status.
 */
#ifndef ABI_EXPECT_H
#define ABI_EXPECT_H

#include <stdbool.h>

#define EXPECT(condition) \
	expect_true(__FILE__, __LINE__, #condition, (condition))

#define EXPECT_EQ(got, wanted)                                            \
	expect_equal(__FILE__, __LINE__, #got, (long long)(got), #wanted, \
		     (long long)(wanted))

/* The call fails like a system call: -1, and errno is as given. */
#define EXPECT_ERROR(call, error) \
	expect_error(__FILE__, __LINE__, #call, (long)(call), error)

/* The call does not fail; its result is that of this. */
#define MUST(call) expect_success(__FILE__, __LINE__, #call, (long)(call))

/**
 * expect_errno_name() - the name of an errno
 * @error: an errno, or 0
 */
const char *expect_errno_name(int error);

/**
 * expect_note() - print a line that does not count
 * @format: as printf(), without a newline
 */
void expect_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * expect_fail() - the case has failed
 * @file: where, with @line
 * @line: where
 * @format: why, as printf(), without a newline
 */
void expect_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

void expect_true(const char *file, int line, const char *condition, bool met);
void expect_equal(const char *file, int line, const char *what, long long got,
		  const char *why, long long wanted);
void expect_error(const char *file, int line, const char *call, long result,
		  int error);
long expect_success(const char *file, int line, const char *call, long result);

#endif
