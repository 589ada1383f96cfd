// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Poll window: tests when it opens and closes, from noted sleeps, hits and
 * misses. It measures no time.
 */
#include <criterion/criterion.h>

#include "tree/poll-window.h"

#define LIMIT_US 50
#define SHORT_US LIMIT_US
#define LONG_US (100 * LIMIT_US)

static struct poll_window window;
static gint64 now;

static void setup(void)
{
	poll_window_init(&window, LIMIT_US);
	now = 0;
}

TestSuite(poll_window, .init = setup, .timeout = 60);

static void sleep_for(gint64 us)
{
	now += us;
	poll_window_slept(&window, us, now);
}

/* Returns the number of short sleeps that open the window. */
static guint open_window(void)
{
	guint sleeps = 0;

	while (!window.open) {
		cr_assert_lt(sleeps, 1000000);
		sleep_for(SHORT_US);
		sleeps++;
	}
	return sleeps;
}

static void miss(void)
{
	while (window.open)
		poll_window_missed(&window);
}

static void hit(guint times)
{
	while (times--)
		poll_window_hit(&window);
}

Test(poll_window, is_closed_at_first)
{
	cr_expect(!window.open);
}

Test(poll_window, opens_after_several_short_sleeps_in_a_row)
{
	guint needed = open_window();

	cr_expect_gt(needed, 1);
	setup();
	for (guint i = 0; i < 10 * needed; i++)
		sleep_for(i % needed == needed - 1 ? LONG_US : SHORT_US);
	cr_expect(!window.open);
}

Test(poll_window, stays_closed_while_large_answers_lie_between_short_sleeps)
{
	guint needed = open_window();

	setup();
	for (guint i = 0; i < 10 * needed; i++) {
		if (i % needed == needed - 1)
			poll_window_bulk(&window);
		else
			sleep_for(SHORT_US);
	}
	cr_expect(!window.open);
}

Test(poll_window, never_opens_without_a_limit)
{
	poll_window_init(&window, 0);
	for (int i = 0; i < 1000; i++)
		sleep_for(0);
	cr_expect(!window.open);
}

Test(poll_window, one_miss_between_hits_leaves_it_open)
{
	open_window();
	for (int i = 0; i < 100; i++) {
		poll_window_missed(&window);
		cr_assert(window.open);
		poll_window_hit(&window);
	}
}

Test(poll_window, misses_in_a_row_close_it)
{
	open_window();
	poll_window_missed(&window);
	poll_window_missed(&window);
	cr_expect(!window.open);
}

Test(poll_window, sleeps_between_misses_do_not_keep_it_open)
{
	open_window();
	poll_window_missed(&window);
	sleep_for(SHORT_US);
	poll_window_missed(&window);
	cr_expect(!window.open);
}

Test(poll_window, each_useless_opening_doubles_the_sleeps_that_open_it)
{
	guint before = open_window();

	for (int i = 0; i < 5; i++) {
		guint after;

		miss();
		after = open_window();
		cr_expect_eq(after, 2 * before);
		before = after;
	}
}

Test(poll_window, useless_openings_become_rare)
{
	guint sleeps = 0, openings = 0;

	while (sleeps < 1000000) {
		sleeps += open_window();
		openings++;
		miss();
	}
	cr_expect_lt(openings, 1000);
}

Test(poll_window, a_pause_forgets_useless_openings)
{
	guint first = open_window();

	for (int i = 0; i < 5; i++) {
		miss();
		open_window();
	}
	miss();
	sleep_for(G_USEC_PER_SEC);
	cr_expect_eq(open_window(), first);
}

Test(poll_window, many_hits_forget_useless_openings)
{
	guint first = open_window();

	for (int i = 0; i < 5; i++) {
		miss();
		open_window();
	}
	hit(1000);
	miss();
	cr_expect_eq(open_window(), first);
}

Test(poll_window, a_preemption_closes_it_for_a_time_that_doubles)
{
	gint64 before, rest;

	open_window();
	poll_window_preempted(&window, now);
	cr_expect(!window.open);
	before = now;
	open_window();
	rest = now - before;
	cr_expect_geq(rest, 1000 * LIMIT_US);
	poll_window_preempted(&window, now);
	before = now;
	open_window();
	cr_expect_geq(now - before, 2 * rest - LONG_US);
}

/* Returns how long a preemption closes the window. */
static gint64 rest_of_preemption(void)
{
	gint64 before = now;

	poll_window_preempted(&window, now);
	open_window();
	return now - before;
}

Test(poll_window,
     a_preemption_long_after_the_last_rest_begins_with_the_shortest)
{
	gint64 first, second, third;

	open_window();
	first = rest_of_preemption();
	now += first / 2;
	second = rest_of_preemption();
	cr_expect_geq(second, 2 * first - LONG_US);
	now += second;
	third = rest_of_preemption();
	cr_expect_geq(third, 4 * first - LONG_US);
	now += 3 * third;
	cr_expect_leq(rest_of_preemption(), first + LONG_US);
}

Test(poll_window, is_steady_after_many_hits_in_a_row)
{
	open_window();
	cr_expect(!poll_window_is_steady(&window));
	hit(1000);
	cr_expect(poll_window_is_steady(&window));
}

Test(poll_window, is_not_steady_after_a_miss_a_large_answer_or_a_preemption)
{
	open_window();
	hit(1000);
	poll_window_missed(&window);
	cr_expect(window.open);
	cr_expect(!poll_window_is_steady(&window));
	hit(1000);
	poll_window_bulk(&window);
	cr_expect(!poll_window_is_steady(&window));
	hit(1000);
	poll_window_preempted(&window, now);
	cr_expect(!poll_window_is_steady(&window));
}
