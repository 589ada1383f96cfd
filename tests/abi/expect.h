/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Demands of a case: an unmet demand is reported with file and line, and ends
 * the process at once, from any thread: the case has failed. The frame
 * (frame.h) sees nothing of a demand but the exit status.
 */
#ifndef ABI_EXPECT_H
#define ABI_EXPECT_H

#include <stdbool.h>

#define EXPECT(condition) \
	expect_true(__FILE__, __LINE__, #condition, (condition))

#define EXPECT_EQ(got, wanted)                                            \
	expect_equal(__FILE__, __LINE__, #got, (long long)(got), #wanted, \
		     (long long)(wanted))

/* Demands that the call returns -1 and sets this errno. */
#define EXPECT_ERROR(call, error) \
	expect_error(__FILE__, __LINE__, #call, (long)(call), error)

/* Demands that the call does not fail; evaluates to its result. */
#define MUST(call) expect_success(__FILE__, __LINE__, #call, (long)(call))

/**
 * expect_errno_name() - the name of an errno
 * @error: an errno, or 0
 */
const char *expect_errno_name(int error);

/**
 * expect_note() - print a diagnostic line
 * @format: format of printf(), without a newline
 */
void expect_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * expect_fail() - fail the case
 * @file: source file of the demand
 * @line: line in @file
 * @format: reason, in the format of printf(), without a newline
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
