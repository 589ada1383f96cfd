// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turns: tests that the main loop and another thread exclude each other, that
 * each gets its turn, and that an event that one of them has handled does not
 * block the other. It tests no tree.
 */
#include <criterion/criterion.h>

#include <errno.h>

#include "privilege/privilege.h"
#include "thread.h"
#include "tree/turns.h"

#define ROUNDS 500

/* Requests to the helper. */
#define CALLS 2000

static struct turns turns;
static guint count;
static gboolean ended;

static void setup(void)
{
	turns_init(&turns);
}

static void teardown(void)
{
	turns_clear(&turns);
}

TestSuite(turns, .init = setup, .fini = teardown, .timeout = 60);

/* An increment in two steps, between which a thread without a turn would run. */
static void increment(void)
{
	guint before = count;

	g_thread_yield();
	count = before + 1;
}

static void *run(void *data)
{
	guint rounds = GPOINTER_TO_UINT(data);

	while (rounds--) {
		turns_take(&turns);
		increment();
		turns_give(&turns);
	}
	turns_take(&turns);
	ended = TRUE;
	g_main_context_wakeup(NULL);
	turns_give(&turns);
	return NULL;
}

static pthread_t start(guint rounds)
{
	pthread_t thread;

	cr_assert_eq(thread_start(&thread, run, GUINT_TO_POINTER(rounds)), 0);
	return thread;
}

static gboolean on_idle(gpointer data)
{
	guint *left = data;

	increment();
	return --*left ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

Test(turns, sources_and_the_other_thread_never_run_at_once)
{
	guint left = ROUNDS;
	pthread_t thread = start(ROUNDS);

	g_idle_add(on_idle, &left);
	while (left || !ended)
		turns_main_loop(&turns);
	pthread_join(thread, NULL);
	cr_expect_eq(count, 2 * ROUNDS);
}

Test(turns, the_other_thread_runs_while_the_main_loop_waits)
{
	pthread_t thread = start(1);

	while (!ended)
		turns_main_loop(&turns);
	pthread_join(thread, NULL);
	cr_expect_eq(count, 1);
}

static void *add_source(void *data)
{
	turns_take(&turns);
	g_idle_add(on_idle, data);
	turns_give(&turns);
	return NULL;
}

Test(turns, a_source_that_the_other_thread_adds_wakes_the_main_loop)
{
	guint left = 1;
	pthread_t thread;

	cr_assert_eq(thread_start(&thread, add_source, &left), 0);
	while (left)
		turns_main_loop(&turns);
	pthread_join(thread, NULL);
	cr_expect_eq(count, 1);
}

static int fail(void *data, int *fd)
{
	(void)data;
	(void)fd;
	return -ENOENT;
}

static void on_end(void *data)
{
	(void)data;
}

static void *call_helper(void *data)
{
	for (int i = 0; i < CALLS; i++) {
		turns_take(&turns);
		if (privilege_call(data, HELPER_OPEN_NODE, -1, NULL) == -ENOENT)
			count++;
		turns_give(&turns);
	}
	return run(GUINT_TO_POINTER(0));
}

Test(turns, an_answer_that_the_other_thread_took_does_not_block_the_main_loop)
{
	const struct helper_table table = {
		.actions = { [HELPER_OPEN_NODE] = { .run = fail } },
		.ended = on_end,
	};
	struct privilege *privilege;
	pthread_t thread;

	cr_assert_eq(privilege_start(&table, 0, &privilege), 0);
	cr_assert_eq(thread_start(&thread, call_helper, privilege), 0);
	while (!ended)
		turns_main_loop(&turns);
	pthread_join(thread, NULL);
	cr_expect_eq(count, CALLS);
	privilege_free(privilege);
}
