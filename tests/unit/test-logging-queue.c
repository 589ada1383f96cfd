// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log queue: tests order, limit, the number of drops, reports of notices above
 * the limit, and the text of a line. It writes nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "logging-limit.h"
#include "logging-queue.h"

/* Notices that pass in an interval, which no test awaits more than once. */
#define BURST 2
#define INTERVAL_US (G_USEC_PER_SEC / 2)

static struct logging_queue *queue;
static struct logging_line line;

static void setup(void)
{
	queue = logging_queue_new(logging_limit_new(BURST, INTERVAL_US));
}

static void teardown(void)
{
	logging_queue_free(queue);
}

TestSuite(logging_queue, .init = setup, .fini = teardown);

static void push_number(guint number)
{
	g_autofree char *text = g_strdup_printf("%u", number);

	logging_queue_push(queue, G_LOG_LEVEL_INFO, NULL, text);
}

static void expect_number(guint number, guint64 dropped)
{
	g_autofree char *text = g_strdup_printf("%u", number);

	cr_assert(logging_queue_take(queue, &line));
	cr_assert_str_eq(line.text, text);
	cr_assert_eq(line.level, G_LOG_LEVEL_INFO);
	cr_assert_eq(line.dropped, dropped);
}

Test(logging_queue, a_full_queue_drops_the_newest_lines)
{
	for (guint i = 0; i < VMCFS_LOG_LINES + 5; i++)
		push_number(i);
	for (guint i = 0; i < VMCFS_LOG_LINES; i++)
		expect_number(i, 0);
}

Test(logging_queue, the_next_line_contains_the_number_of_earlier_drops)
{
	for (guint i = 0; i < VMCFS_LOG_LINES + 5; i++)
		push_number(i);
	expect_number(0, 0);
	push_number(4711);
	push_number(4712);
	for (guint i = 1; i < VMCFS_LOG_LINES; i++)
		expect_number(i, 0);
	expect_number(4711, 5);
	logging_queue_close(queue);
	cr_assert(logging_queue_take(queue, &line));
	cr_expect_str_empty(line.text);
	cr_expect_eq(line.dropped, 1);
	cr_expect_not(logging_queue_take(queue, &line));
}

Test(logging_queue, drops_without_a_next_line_return_an_empty_line)
{
	for (guint i = 0; i < VMCFS_LOG_LINES + 7; i++)
		push_number(i);
	for (guint i = 0; i < VMCFS_LOG_LINES; i++)
		expect_number(i, 0);
	cr_assert(logging_queue_take(queue, &line));
	cr_expect_str_empty(line.text);
	cr_expect_eq(line.dropped, 7);
}

Test(logging_queue, keeps_the_order_when_it_wraps)
{
	guint pushed = 0, taken = 0;

	for (int round = 0; round < 7; round++) {
		for (guint i = 0; i < VMCFS_LOG_LINES / 2; i++)
			push_number(pushed++);
		for (guint i = 0; i < VMCFS_LOG_LINES / 3; i++)
			expect_number(taken++, 0);
		while (pushed - taken > VMCFS_LOG_LINES / 2)
			expect_number(taken++, 0);
	}
	while (taken < pushed)
		expect_number(taken++, 0);
}

Test(logging_queue, a_line_is_printable_and_limited)
{
	char text[2 * VMCFS_LOG_LINE_MAX];

	logging_queue_push(queue, G_LOG_LEVEL_INFO, NULL,
			   "a\nb\tc\033[1m\177 gr\303\274n");
	cr_assert(logging_queue_take(queue, &line));
	cr_expect_str_eq(line.text, "a b c [1m  gr\303\274n");

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	logging_queue_push(queue, G_LOG_LEVEL_INFO, NULL, text);
	cr_assert(logging_queue_take(queue, &line));
	cr_expect_eq(strlen(line.text), VMCFS_LOG_LINE_MAX - 1);
}

Test(logging_queue, a_closed_queue_returns_its_lines_and_accepts_no_others)
{
	push_number(1);
	logging_queue_close(queue);
	push_number(2);
	expect_number(1, 0);
	cr_expect_not(logging_queue_take(queue, &line));
}

Test(logging_queue, a_flush_waits_for_the_line_that_is_being_written)
{
	cr_expect(logging_queue_flush(queue, 0), "nothing to write");
	push_number(1);
	cr_expect_not(logging_queue_flush(queue, 0), "a line waits");
	expect_number(1, 0);
	cr_expect_not(logging_queue_flush(queue, 0), "a line is written");
	logging_queue_close(queue);
	cr_expect_not(logging_queue_take(queue, &line));
	cr_expect(logging_queue_flush(queue, 0), "all lines are written");
}

static const struct notice on_hmc0 = { .kind = NOTICE_OPENED, .hmc = 0 };

static void push_notices(guint count)
{
	for (guint i = 0; i < count; i++)
		logging_queue_push(queue, G_LOG_LEVEL_MESSAGE, &on_hmc0,
				   "opened");
}

static void expect_text(const char *text, enum notice_kind kind)
{
	cr_assert(logging_queue_take(queue, &line));
	cr_expect_str_eq(line.text, text);
	cr_expect_eq(line.level, G_LOG_LEVEL_MESSAGE);
	cr_expect(line.has_notice);
	cr_expect_eq(line.notice.kind, kind);
	cr_expect_eq(line.notice.hmc, 0);
}

Test(logging_queue, notices_above_the_limit_become_one_line)
{
	push_notices(BURST + 3);
	for (guint i = 0; i < BURST; i++)
		expect_text("opened", NOTICE_OPENED);
	expect_text("hmc0: 3 lines \"session opened\" were not logged; "
		    "the limit is 10 in 30 seconds",
		    NOTICE_LINES_LIMITED);
	push_notices(1);
	expect_text("opened", NOTICE_OPENED);
}

Test(logging_queue, a_closed_queue_returns_the_reports_that_are_not_due)
{
	logging_queue_free(queue);
	queue = logging_queue_new(logging_limit_new(1, G_MAXINT64 / 2));
	push_notices(2);
	expect_text("opened", NOTICE_OPENED);
	logging_queue_close(queue);
	cr_expect_not(logging_queue_flush(queue, 0), "a report is left");
	expect_text("hmc0: 1 line \"session opened\" was not logged; "
		    "the limit is 10 in 30 seconds",
		    NOTICE_LINES_LIMITED);
	cr_expect_not(logging_queue_take(queue, &line));
	cr_expect(logging_queue_flush(queue, 0));
}
