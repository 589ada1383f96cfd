// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watch: tests the events of a pipe and of a delay, and the delays of a
 * backoff. It tests no device.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
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

	cr_assert_eq(watch_new(fds[0], G_IO_IN, note, &calls, &watch), 0);
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
	cr_assert_eq(watch_new(fds[1], 0, note, &calls, &watch), 0);
	cr_expect_eq(turns(), 0);
	watch_set_condition(watch, G_IO_OUT);
	cr_expect_geq(turns(), 1);
	cr_expect_eq(last, G_IO_OUT);
	watch_set_condition(watch, G_IO_IN);
	cr_expect_eq(turns(), 0);
}

Test(watch, reports_the_end_of_a_delay_once)
{
	cr_assert_eq(watch_new(-1, 0, note, &calls, &watch), 0);
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
	cr_assert_eq(watch_new(fds[1], G_IO_OUT, note, &calls, &watch), 0);
	watch_set_delay(watch, 0);
	cr_expect(g_main_context_iteration(NULL, FALSE));
	cr_expect_eq(calls, 1);
	cr_expect_eq(due_calls, 1);
	cr_expect_eq(last, G_IO_OUT);
}

Test(watch, may_be_freed_by_its_callback)
{
	cr_assert_eq(watch_new(fds[1], G_IO_OUT, note_and_free, &calls, &watch),
		     0);
	cr_expect_eq(turns(), 1);
	cr_expect_null(watch);
	cr_expect_eq(turns(), 0);
}

static void *run_main_loop(void *data)
{
	while (g_atomic_int_get((gint *)data))
		g_main_context_iteration(NULL, TRUE);
	return NULL;
}

/* Waits until another thread of this process sleeps in poll(2). */
static void await_poll(void)
{
	gboolean sleeps = FALSE;

	while (!sleeps) {
		g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
		const char *task;

		while (!sleeps && (task = g_dir_read_name(tasks))) {
			g_autofree char *path = g_strdup_printf(
				"/proc/self/task/%s/wchan", task);
			g_autofree char *where = NULL;

			sleeps =
				g_file_get_contents(path, &where, NULL, NULL) &&
				strstr(where, "poll_schedule") != NULL;
		}
	}
}

/* A file that poll(2) refers to is released when poll(2) returns. */
Test(watch, close_releases_a_file_that_the_main_loop_waits_for)
{
	gint running = TRUE;
	pthread_t thread;
	char byte;

	cr_assert_eq(watch_new(fds[1], 0, note, &calls, &watch), 0);
	cr_assert_eq(pthread_create(&thread, NULL, run_main_loop, &running), 0);
	await_poll();
	close(fds[1]);
	fds[1] = -1;
	cr_expect_eq(read(fds[0], &byte, 1), 0);
	g_atomic_int_set(&running, FALSE);
	g_main_context_wakeup(NULL);
	pthread_join(thread, NULL);
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
