// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cursor: reads parts of messages and across segments, skips dropped messages,
 * and never enters another session.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "defaults.h"
#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/cursor.h"

static struct messages_clock clock_;
static struct memory memory;
static struct log *log_;
static struct cursor cursor;

static void setup(void)
{
	messages_clock_init(&clock_);
	memory_init(&memory, 1 * GIB, &clock_.clock);
	log_ = log_new(&memory, 1 * MIB);
	log_begin(log_, 1);
	messages_add(log_, 3, 50);
	cursor_init(&cursor, log_);
}

static void teardown(void)
{
	cursor_clear(&cursor);
	log_free(log_);
	cr_expect_eq(memory.used, 0);
	memory_clear(&memory);
}

TestSuite(cursor, .init = setup, .fini = teardown);

static int next(void)
{
	const guint8 *data;
	gsize len;

	return cursor_next(&cursor, &data, &len);
}

static void expect_nothing_yet(void)
{
	cr_expect_eq(next(), 0);
	cr_expect_not(cursor_ready(&cursor));
	cr_expect_not(cursor_ended(&cursor));
}

static void expect_end(void)
{
	cr_expect_eq(next(), 0);
	cr_expect_not(cursor_ready(&cursor));
	cr_expect(cursor_ended(&cursor));
}

static void expect_overrun(guint64 overruns)
{
	cr_expect(cursor_ready(&cursor));
	cr_expect_not(cursor_ended(&cursor));
	cr_expect_eq(next(), -EPIPE);
	cr_expect_eq(log_->overruns, overruns);
}

/* Drops the current segment with its unread messages. */
static void drop(void)
{
	log_rotate(log_);
	log_drop(log_, log_->previous);
}

Test(cursor, begins_at_the_current_end)
{
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&cursor, 3, 20);
	expect_nothing_yet();
}

Test(cursor, returns_one_message_at_a_time)
{
	messages_add(log_, 1, 20);
	messages_add(log_, 1, 1);
	messages_add(log_, 1, 16384);
	messages_expect(&cursor, 3, 20);
	messages_expect(&cursor, 3, 20);
	messages_read(&cursor, 3, 20);
	messages_read(&cursor, 4, 1);
	messages_read(&cursor, 5, 16384);
	expect_nothing_yet();
}

Test(cursor, returns_the_rest_of_a_message)
{
	messages_add(log_, 2, 10);
	messages_expect(&cursor, 3, 10);
	cursor_advance(&cursor, 3);
	messages_expect(&cursor, 3, 7);
	cursor_advance(&cursor, 6);
	messages_read(&cursor, 3, 1);
	messages_read(&cursor, 4, 10);
	expect_nothing_yet();
}

Test(cursor, continues_in_the_next_segment)
{
	messages_add(log_, 2, 10);
	log_rotate(log_);
	log_rotate(log_);
	messages_add(log_, 2, 20);
	log_rotate(log_);
	messages_add(log_, 1, 30);
	messages_read(&cursor, 3, 10);
	messages_read(&cursor, 4, 10);
	messages_read(&cursor, 5, 20);
	messages_read(&cursor, 6, 20);
	messages_read(&cursor, 7, 30);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 0);
}

Test(cursor, keeps_the_messages_that_the_slowest_has_not_read)
{
	struct cursor other;

	cursor_init(&other, log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	log_rotate(log_);
	messages_read(&other, 3, 10);
	messages_read(&cursor, 3, 10);
	cr_expect_eq(log_->segments.length, 2);
	cursor_clear(&other);
}

Test(cursor, that_is_freed_releases_its_segments)
{
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_eq(log_->segments.length, 3);
	cursor_clear(&cursor);
	cr_expect_eq(log_->segments.length, 2);
	cursor_init(&cursor, log_);
}

Test(cursor, reports_dropped_messages_once)
{
	messages_add(log_, 4, 10);
	drop();
	messages_add(log_, 2, 20);
	expect_overrun(1);
	messages_read(&cursor, 7, 20);
	messages_read(&cursor, 8, 20);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 1);
}

Test(cursor, reports_any_number_of_dropped_segments_once)
{
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_drop(log_, log_->previous);
	drop();
	messages_add(log_, 1, 20);
	drop();
	messages_add(log_, 1, 30);
	expect_overrun(1);
	messages_read(&cursor, 6, 30);
	expect_nothing_yet();
}

Test(cursor, reports_each_gap)
{
	for (guint i = 1; i < 5; i++) {
		messages_add(log_, 1, 10);
		drop();
		messages_add(log_, 1, 20);
		expect_overrun(i);
		messages_read(&cursor, 2 + 2 * i, 20);
	}
}

/* Drops before the next read belong to the same gap. */
Test(cursor, gets_a_message_after_each_loss)
{
	messages_add(log_, 1, 10);
	drop();
	messages_add(log_, 1, 20);
	expect_overrun(1);
	drop();
	cr_expect_not(cursor_ready(&cursor), "no message is left");
	cr_expect_not(cursor_ended(&cursor));
	messages_add(log_, 1, 30);
	drop();
	messages_add(log_, 1, 40);
	messages_read(&cursor, 6, 40);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 1);
}

/* Add a segment of two messages to those that are kept. */
static void add_segment(void)
{
	messages_add(log_, 2, 10);
	log_rotate(log_);
}

/* The oldest segment is dropped next, so its messages would be lost again. */
Test(cursor, resumes_at_the_newest_segment_after_a_second_loss)
{
	for (guint i = 0; i < 4; i++)
		add_segment();
	log_drop(log_, log_->segments.head->data);
	expect_overrun(1);
	messages_read(&cursor, 5, 10);
	log_drop(log_, log_->segments.head->data);
	add_segment();
	messages_add(log_, 3, 20);
	expect_overrun(2);
	messages_read(&cursor, 13, 20);
	cr_expect_eq(log_->segments.length, 2,
		     "the cursor skips the other segments");
}

Test(cursor, resumes_at_the_oldest_message_after_it_has_read_all)
{
	add_segment();
	log_drop(log_, log_->previous);
	add_segment();
	expect_overrun(1);
	messages_read(&cursor, 5, 10);
	messages_read(&cursor, 6, 10);
	expect_nothing_yet();
	for (guint i = 0; i < 3; i++)
		add_segment();
	log_drop(log_, log_->segments.tail->prev->prev->prev->data);
	expect_overrun(2);
	messages_read(&cursor, 9, 10);
}

Test(cursor, resumes_with_a_whole_message_after_a_part)
{
	messages_add(log_, 1, 10);
	messages_expect(&cursor, 3, 10);
	cursor_advance(&cursor, 4);
	drop();
	messages_add(log_, 1, 20);
	expect_overrun(1);
	messages_read(&cursor, 4, 20);
}

/*
 * Rotating an empty segment leaves it between those with messages. When both of
 * its neighbours are dropped, reading resumes at the first message that is
 * kept.
 */
Test(cursor, resumes_after_an_empty_segment_when_its_neighbours_were_dropped)
{
	struct segment *first = log_->current;
	struct segment *empty, *second;

	messages_add(log_, 1, 20);
	log_rotate(log_);
	empty = log_->current;
	log_hold(empty, TRUE);
	log_rotate(log_);
	second = log_->current;
	messages_add(log_, 2, 30);
	log_rotate(log_);
	messages_add(log_, 1, 40);
	log_drop(log_, first);
	log_drop(log_, second);
	expect_overrun(1);
	messages_read(&cursor, 6, 40);
	expect_nothing_yet();
	log_release(empty, TRUE);
}

/* The cursor has read all messages of the segment. */
Test(cursor, at_the_end_of_a_dropped_segment_reports_no_loss)
{
	messages_add(log_, 1, 10);
	messages_read(&cursor, 3, 10);
	drop();
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&cursor, 4, 20);
	cr_expect_eq(log_->overruns, 0);
}

Test(cursor, without_a_read_reports_no_loss_of_earlier_messages)
{
	drop();
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&cursor, 3, 20);
	cr_expect_eq(log_->overruns, 0);
}

Test(cursor, ends_with_its_session_when_all_is_read)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	messages_read(&cursor, 3, 10);
	expect_end();
	expect_end();
}

Test(cursor, never_enters_another_session)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	log_begin(log_, 2);
	messages_add(log_, 1, 20);
	messages_read(&cursor, 3, 10);
	expect_end();
	messages_add(log_, 1, 20);
	expect_end();
}

Test(cursor, reads_its_session_to_the_end_after_any_number_of_others)
{
	messages_add(log_, 2, 10);
	for (guint serial = 2; serial < 6; serial++) {
		log_end(log_);
		log_begin(log_, serial);
		messages_add(log_, 1, 20);
	}
	messages_read(&cursor, 3, 10);
	messages_read(&cursor, 4, 10);
	expect_end();
	cr_expect_eq(log_->segments.length, 2);
}

Test(cursor, reports_messages_dropped_after_its_session)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	drop();
	expect_overrun(1);
	expect_end();
}

Test(cursor, reports_messages_dropped_in_the_next_session)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	log_begin(log_, 2);
	log_drop(log_, log_->previous);
	messages_add(log_, 1, 20);
	expect_overrun(1);
	expect_end();
	cr_expect_eq(log_->overruns, 1);
}

Test(cursor, that_has_read_all_reports_no_loss_of_the_next_session)
{
	messages_add(log_, 1, 10);
	messages_read(&cursor, 3, 10);
	log_end(log_);
	log_begin(log_, 2);
	messages_add(log_, 1, 20);
	drop();
	messages_add(log_, 1, 20);
	expect_end();
	cr_expect_eq(log_->overruns, 0);
}
