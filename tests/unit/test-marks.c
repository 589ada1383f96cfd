// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Marks: tests that bits are collected until they are taken, that none is lost
 * between threads, and that the first use of a lane is reported. It touches no
 * file.
 */
#include <criterion/criterion.h>

#include "marks.h"
#include "thread.h"

#define ROUNDS 20000

static struct marks *marks;

static void setup(void)
{
	marks = marks_new(5);
	cr_assert(marks);
}

static void teardown(void)
{
	marks_free(marks);
}

TestSuite(marks, .init = setup, .fini = teardown, .timeout = 60);

Test(marks, bits_are_collected_until_they_are_taken)
{
	guint lane = marks_files_lane(3);

	marks_set(marks, lane, MARK_STATUS);
	marks_set(marks, lane, MARK_LOG);
	marks_set(marks, lane, MARK_LOG);
	cr_expect_eq(marks_take(marks, lane), MARK_STATUS | MARK_LOG);
	marks_set(marks, lane, MARK_JSON);
	cr_expect_eq(marks_take(marks, lane), MARK_JSON);
}

Test(marks, every_index_has_its_own_lanes)
{
	guint last = marks_message_lane(VMC_HMCS_MAX - 1);

	cr_expect_eq(last, MARKS_LANES - 1);
	cr_expect_neq(marks_files_lane(1), marks_message_lane(0));
	cr_expect_gt(marks_files_lane(0), MARKS_ROOT);
}

Test(marks, a_lane_without_a_thread_is_reported_to_the_starter)
{
	marks->lanes[MARKS_ROOT].thread = 1;
	marks_set(marks, MARKS_ROOT, MARK_ROOT_STATUS);
	cr_expect_eq(marks->lanes[MARKS_STARTER].word, 0);
	marks_set(marks, marks_message_lane(0), MARK_MESSAGE);
	cr_expect_eq(marks_take(marks, MARKS_STARTER), MARK_NEW_LANE);
}

/* Takes from one lane and answers in another. */
static void *answer(void *data)
{
	(void)data;
	for (guint i = 0; i < ROUNDS; i++)
		marks_set(marks, marks_message_lane(0),
			  marks_take(marks, marks_files_lane(0)));
	return NULL;
}

Test(marks, no_bit_is_lost_while_the_other_thread_falls_asleep)
{
	pthread_t thread;

	cr_assert_eq(thread_start(&thread, answer, NULL), 0);
	for (guint i = 0; i < ROUNDS; i++) {
		marks_set(marks, marks_files_lane(0), 1U << (i % 3));
		cr_assert_eq(marks_take(marks, marks_message_lane(0)),
			     1U << (i % 3));
	}
	pthread_join(thread, NULL);
}
