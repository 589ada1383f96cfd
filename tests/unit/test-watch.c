// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watch: tests the events of a pipe and of a delay, and the delays of a
 * backoff. It tests no device.
 */
#include <criterion/criterion.h>
#include <unistd.h>

#include "defaults.h"
#include "device/chardev/watch.h"

static int fds[2];
static struct watch *watch;
static guint calls;
static guint due_calls;
static GIOCondition last;

static void setup(void)
{
	cr_assert_eq(pipe(fds), 0);
}

static void teardown(void)
{
	watch_free(watch);
	close(fds[0]);
	close(fds[1]);
}

TestSuite(watch, .init = setup, .fini = teardown, .timeout = 60);

static void note(void *data, GIOCondition condition, gboolean due)
{
	cr_assert_eq(data, &calls);
	calls++;
	due_calls += due ? 1 : 0;
	last = condition;
}

static void note_and_free(void *data, GIOCondition condition, gboolean due)
{
	note(data, condition, due);
	g_clear_pointer(&watch, watch_free);
}

/* Handles all events that are ready now; returns their number. */
static guint turns(void)
{
	guint before = calls;

	while (calls < before + 3 && g_main_context_iteration(NULL, FALSE))
		;
	return calls - before;
}

Test(watch, reports_the_conditions_of_the_descriptor)
{
	char byte;

	watch = watch_new(fds[0], G_IO_IN, note, &calls);
	cr_expect_eq(turns(), 0);
	cr_assert_eq(write(fds[1], "x", 1), 1);
	cr_expect_geq(turns(), 1);
	cr_expect_eq(last, G_IO_IN);
	cr_expect_eq(due_calls, 0);
	cr_assert_eq(read(fds[0], &byte, 1), 1);
	cr_expect_eq(turns(), 0);
	close(fds[1]);
	fds[1] = -1;
	cr_expect_geq(turns(), 1);
	cr_expect(last & G_IO_HUP);
}

Test(watch, waits_for_a_changed_condition)
{
	watch = watch_new(fds[1], 0, note, &calls);
	cr_expect_eq(turns(), 0);
	watch_set_condition(watch, G_IO_OUT);
	cr_expect_geq(turns(), 1);
	cr_expect_eq(last, G_IO_OUT);
	watch_set_condition(watch, G_IO_IN);
	cr_expect_eq(turns(), 0);
}

Test(watch, reports_the_end_of_a_delay_once)
{
	watch = watch_new(-1, 0, note, &calls);
	watch_set_delay(watch, 3600 * 1000);
	cr_expect_eq(turns(), 0);
	watch_set_delay(watch, 1);
	while (!calls)
		g_main_context_iteration(NULL, TRUE);
	cr_expect_eq(due_calls, 1);
	cr_expect_eq(last, 0);
	cr_expect_eq(turns(), 0);
}

Test(watch, reports_a_condition_and_the_end_of_a_delay_together)
{
	watch = watch_new(fds[1], G_IO_OUT, note, &calls);
	watch_set_delay(watch, 0);
	cr_expect(g_main_context_iteration(NULL, FALSE));
	cr_expect_eq(calls, 1);
	cr_expect_eq(due_calls, 1);
	cr_expect_eq(last, G_IO_OUT);
}

Test(watch, may_be_freed_by_its_callback)
{
	watch = watch_new(fds[1], G_IO_OUT, note_and_free, &calls);
	cr_expect_eq(turns(), 1);
	cr_expect_null(watch);
	cr_expect_eq(turns(), 0);
}

Test(backoff, doubles_its_delay_up_to_a_maximum)
{
	struct backoff backoff;
	guint before = 0;

	backoff_init(&backoff, 0, 1000);
	cr_expect_eq(backoff_next(&backoff), VMCFS_RETRY_MIN_MS);
	cr_expect_eq(backoff_next(&backoff), 2 * VMCFS_RETRY_MIN_MS);
	for (int i = 0; i < 1000; i++) {
		guint next = backoff_next(&backoff);

		cr_assert_geq(next, before);
		cr_assert_leq(next, VMCFS_RETRY_MAX_MS);
		before = next;
	}
	cr_expect_eq(before, VMCFS_RETRY_MAX_MS);
}

Test(backoff, ends_at_its_deadline)
{
	struct backoff backoff;

	backoff_init(&backoff, 5000, 2);
	cr_expect_not(backoff_is_over(&backoff, 5000));
	cr_expect_not(backoff_is_over(&backoff, 6999));
	cr_expect(backoff_is_over(&backoff, 7000));
}

Test(backoff, restarts)
{
	struct backoff backoff;

	backoff_init(&backoff, 0, 1);
	backoff_next(&backoff);
	backoff_init(&backoff, 1000, VMCFS_TIMEOUT_MAX_MS);
	cr_expect_not(backoff_is_over(&backoff, 2000));
	cr_expect_eq(backoff_next(&backoff), VMCFS_RETRY_MIN_MS);
}
