// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watches over a pipe and over the clock.
 */
#include <criterion/criterion.h>
#include <unistd.h>

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

/* Everything that is ready now. */
static guint turns(void)
{
	guint before = calls;

	while (calls < before + 3 && g_main_context_iteration(NULL, FALSE))
		;
	return calls - before;
}

Test(watch, tells_what_the_descriptor_is_ready_for)
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

Test(watch, can_wait_for_something_else)
{
	watch = watch_new(fds[1], 0, note, &calls);
	cr_expect_eq(turns(), 0);
	watch_set_condition(watch, G_IO_OUT);
	cr_expect_geq(turns(), 1);
	cr_expect_eq(last, G_IO_OUT);
	watch_set_condition(watch, G_IO_IN);
	cr_expect_eq(turns(), 0);
}

Test(watch, tells_once_that_the_moment_has_come)
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

Test(watch, tells_both_at_once)
{
	watch = watch_new(fds[1], G_IO_OUT, note, &calls);
	watch_set_delay(watch, 0);
	cr_expect(g_main_context_iteration(NULL, FALSE));
	cr_expect_eq(calls, 1);
	cr_expect_eq(due_calls, 1);
	cr_expect_eq(last, G_IO_OUT);
}

Test(watch, may_be_freed_when_it_tells)
{
	watch = watch_new(fds[1], G_IO_OUT, note_and_free, &calls);
	cr_expect_eq(turns(), 1);
	cr_expect_null(watch);
	cr_expect_eq(turns(), 0);
}
