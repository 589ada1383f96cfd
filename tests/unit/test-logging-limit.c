// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging limit: tests which lines pass, and the reports about the others, on
 * times that the test chooses.
 */
#include <criterion/criterion.h>

#include "logging-limit.h"

#define BURST 3
#define INTERVAL 100

static struct logging_limit *limit;
static struct logging_excess excess;

static void setup(void)
{
	limit = logging_limit_new(BURST, INTERVAL);
}

static void teardown(void)
{
	logging_limit_free(limit);
}

TestSuite(logging_limit, .init = setup, .fini = teardown);

static guint passed(enum notice_kind kind, int hmc, guint count, gint64 now)
{
	const struct notice notice = { .kind = kind, .hmc = hmc };
	guint passes = 0;

	for (guint i = 0; i < count; i++)
		passes += logging_limit_pass(limit, &notice, now) ? 1 : 0;
	return passes;
}

Test(logging_limit, a_burst_passes_in_each_interval)
{
	cr_expect_eq(passed(NOTICE_OPENED, 0, BURST, 1000), BURST);
	cr_expect_eq(passed(NOTICE_OPENED, 0, BURST, 1100), BURST);
	cr_expect_eq(logging_limit_due(limit), G_MAXINT64);
	cr_expect_not(logging_limit_report(limit, G_MAXINT64, &excess));
}

Test(logging_limit, kinds_and_indices_have_limits_of_their_own)
{
	cr_expect_eq(passed(NOTICE_OPENED, 0, 9, 1000), BURST);
	cr_expect_eq(passed(NOTICE_OPENED, 1, 9, 1000), BURST);
	cr_expect_eq(passed(NOTICE_OPENED, NOTICE_NO_HMC, 9, 1000), BURST);
	cr_expect_eq(passed(NOTICE_CLOSED, 0, 9, 1000), BURST);
	cr_expect_eq(passed(NOTICE_CLOSED, 255, 9, 1000), BURST);
}

Test(logging_limit, a_report_is_due_at_the_end_of_the_interval)
{
	passed(NOTICE_LOST, 7, BURST + 5, 1000);
	passed(NOTICE_LOST, 7, 2, 1099);
	cr_expect_eq(logging_limit_due(limit), 1100);
	cr_expect_not(logging_limit_report(limit, 1099, &excess));
	cr_assert(logging_limit_report(limit, 1100, &excess));
	cr_expect_eq(excess.lines, 7);
	cr_expect_eq(excess.notice.kind, NOTICE_LOST);
	cr_expect_eq(excess.notice.hmc, 7);
	cr_expect_not(logging_limit_report(limit, 1100, &excess));
	cr_expect_eq(passed(NOTICE_LOST, 7, 9, 1100), BURST);
}

Test(logging_limit, lines_before_a_late_report_are_in_it)
{
	passed(NOTICE_LOST, 0, BURST + 1, 1000);
	cr_expect_eq(passed(NOTICE_LOST, 0, 1, 5000), 0);
	cr_assert(logging_limit_report(limit, 5000, &excess));
	cr_expect_eq(excess.lines, 2);
}

Test(logging_limit, reports_come_in_the_order_of_their_intervals)
{
	passed(NOTICE_LOST, 1, BURST + 1, 1010);
	passed(NOTICE_LOST, 0, BURST + 2, 1000);
	cr_expect_eq(logging_limit_due(limit), 1100);
	cr_assert(logging_limit_report(limit, G_MAXINT64, &excess));
	cr_expect_eq(excess.notice.hmc, 0);
	cr_expect_eq(logging_limit_due(limit), 1110);
	cr_assert(logging_limit_report(limit, G_MAXINT64, &excess));
	cr_expect_eq(excess.notice.hmc, 1);
	cr_expect_eq(logging_limit_due(limit), G_MAXINT64);
}
