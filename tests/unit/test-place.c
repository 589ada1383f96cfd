// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a channel reader stands: parts of messages, across segments, past what
 * was dropped, and never into another session.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "defaults.h"
#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/place.h"

static struct messages_clock clock_;
static struct memory memory;
static struct log *log_;
static struct place place;

static void setup(void)
{
	messages_clock_init(&clock_);
	memory_init(&memory, 1 * GIB, &clock_.clock);
	log_ = log_new(&memory, 1 * MIB);
	log_begin(log_, 1);
	messages_add(log_, 3, 50);
	place_init(&place, log_);
}

static void teardown(void)
{
	place_clear(&place);
	log_free(log_);
	cr_expect_eq(memory.used, 0);
	memory_clear(&memory);
}

TestSuite(place, .init = setup, .fini = teardown);

static int next(void)
{
	const guint8 *data;
	gsize len;

	return place_next(&place, &data, &len);
}

static void expect_nothing_yet(void)
{
	cr_expect_eq(next(), 0);
	cr_expect_not(place_ready(&place));
	cr_expect_not(place_ended(&place));
}

static void expect_end(void)
{
	cr_expect_eq(next(), 0);
	cr_expect_not(place_ready(&place));
	cr_expect(place_ended(&place));
}

static void expect_overrun(guint64 overruns)
{
	cr_expect(place_ready(&place));
	cr_expect_not(place_ended(&place));
	cr_expect_eq(next(), -EPIPE);
	cr_expect_eq(log_->overruns, overruns);
}

/* The current segment goes, with all that was not read of it. */
static void drop(void)
{
	log_rotate(log_);
	log_drop(log_, log_->previous);
}

Test(place, begins_at_the_present_end)
{
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&place, 3, 20);
	expect_nothing_yet();
}

Test(place, gives_one_message_at_a_time)
{
	messages_add(log_, 1, 20);
	messages_add(log_, 1, 1);
	messages_add(log_, 1, 16384);
	messages_expect(&place, 3, 20);
	messages_expect(&place, 3, 20);
	messages_read(&place, 3, 20);
	messages_read(&place, 4, 1);
	messages_read(&place, 5, 16384);
	expect_nothing_yet();
}

Test(place, gives_the_rest_of_a_message)
{
	messages_add(log_, 2, 10);
	messages_expect(&place, 3, 10);
	place_advance(&place, 3);
	messages_expect(&place, 3, 7);
	place_advance(&place, 6);
	messages_read(&place, 3, 1);
	messages_read(&place, 4, 10);
	expect_nothing_yet();
}

Test(place, goes_on_in_the_next_segment)
{
	messages_add(log_, 2, 10);
	log_rotate(log_);
	log_rotate(log_);
	messages_add(log_, 2, 20);
	log_rotate(log_);
	messages_add(log_, 1, 30);
	messages_read(&place, 3, 10);
	messages_read(&place, 4, 10);
	messages_read(&place, 5, 20);
	messages_read(&place, 6, 20);
	messages_read(&place, 7, 30);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 0);
}

Test(place, needs_what_the_slowest_has_not_read)
{
	struct place other;

	place_init(&other, log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	log_rotate(log_);
	messages_read(&other, 3, 10);
	messages_read(&place, 3, 10);
	cr_expect_eq(log_->segments.length, 2);
	place_clear(&other);
}

Test(place, gone_frees_what_only_it_needed)
{
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_eq(log_->segments.length, 3);
	place_clear(&place);
	cr_expect_eq(log_->segments.length, 2);
	place_init(&place, log_);
}

Test(place, is_told_once_that_messages_were_dropped)
{
	messages_add(log_, 4, 10);
	drop();
	messages_add(log_, 2, 20);
	expect_overrun(1);
	messages_read(&place, 7, 20);
	messages_read(&place, 8, 20);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 1);
}

Test(place, is_told_once_of_any_number_of_segments)
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
	messages_read(&place, 6, 30);
	expect_nothing_yet();
}

Test(place, is_told_of_each_gap)
{
	for (guint i = 1; i < 5; i++) {
		messages_add(log_, 1, 10);
		drop();
		messages_add(log_, 1, 20);
		expect_overrun(i);
		messages_read(&place, 2 + 2 * i, 20);
	}
}

/* Until it has read a message, it is the same gap, whatever else is dropped. */
Test(place, gets_a_message_after_each_loss)
{
	messages_add(log_, 1, 10);
	drop();
	messages_add(log_, 1, 20);
	expect_overrun(1);
	drop();
	cr_expect_not(place_ready(&place), "nothing is kept");
	cr_expect_not(place_ended(&place));
	messages_add(log_, 1, 30);
	drop();
	messages_add(log_, 1, 40);
	messages_read(&place, 6, 40);
	expect_nothing_yet();
	cr_expect_eq(log_->overruns, 1);
}

/* Add a segment of two messages to those that are kept. */
static void add_segment(void)
{
	messages_add(log_, 2, 10);
	log_rotate(log_);
}

/* The oldest one goes next: it would be lost again and again. */
Test(place, goes_on_at_the_newest_segment_when_it_misses_messages_again)
{
	for (guint i = 0; i < 4; i++)
		add_segment();
	log_drop(log_, log_->segments.head->data);
	expect_overrun(1);
	messages_read(&place, 5, 10);
	log_drop(log_, log_->segments.head->data);
	add_segment();
	messages_add(log_, 3, 20);
	expect_overrun(2);
	messages_read(&place, 13, 20);
	cr_expect_eq(log_->segments.length, 2, "it skipped the others");
}

Test(place, goes_on_at_the_oldest_message_again_when_it_has_read_all)
{
	add_segment();
	log_drop(log_, log_->previous);
	add_segment();
	expect_overrun(1);
	messages_read(&place, 5, 10);
	messages_read(&place, 6, 10);
	expect_nothing_yet();
	for (guint i = 0; i < 3; i++)
		add_segment();
	log_drop(log_, log_->segments.tail->prev->prev->prev->data);
	expect_overrun(2);
	messages_read(&place, 9, 10);
}

Test(place, goes_on_with_a_whole_message_after_a_part)
{
	messages_add(log_, 1, 10);
	messages_expect(&place, 3, 10);
	place_advance(&place, 4);
	drop();
	messages_add(log_, 1, 20);
	expect_overrun(1);
	messages_read(&place, 4, 20);
}

/*
 * Rotating an empty segment leaves it between those with messages. When both of
 * its neighbours are dropped, reading resumes at the first message that is
 * kept.
 */
Test(place, resumes_after_an_empty_segment_when_its_neighbours_were_dropped)
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
	messages_read(&place, 6, 40);
	expect_nothing_yet();
	log_release(empty, TRUE);
}

/* It had read all there was: nothing is missing. */
Test(place, at_the_end_of_a_dropped_segment_misses_nothing)
{
	messages_add(log_, 1, 10);
	messages_read(&place, 3, 10);
	drop();
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&place, 4, 20);
	cr_expect_eq(log_->overruns, 0);
}

Test(place, that_read_nothing_yet_misses_nothing_before_it)
{
	drop();
	expect_nothing_yet();
	messages_add(log_, 1, 20);
	messages_read(&place, 3, 20);
	cr_expect_eq(log_->overruns, 0);
}

Test(place, ends_with_its_session_when_all_is_read)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	messages_read(&place, 3, 10);
	expect_end();
	expect_end();
}

Test(place, never_goes_into_another_session)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	log_begin(log_, 2);
	messages_add(log_, 1, 20);
	messages_read(&place, 3, 10);
	expect_end();
	messages_add(log_, 1, 20);
	expect_end();
}

Test(place, reads_its_session_to_the_end_however_many_came_after)
{
	messages_add(log_, 2, 10);
	for (guint serial = 2; serial < 6; serial++) {
		log_end(log_);
		log_begin(log_, serial);
		messages_add(log_, 1, 20);
	}
	messages_read(&place, 3, 10);
	messages_read(&place, 4, 10);
	expect_end();
	cr_expect_eq(log_->segments.length, 2);
}

Test(place, is_told_of_what_was_dropped_after_its_session)
{
	messages_add(log_, 1, 10);
	log_end(log_);
	drop();
	expect_overrun(1);
	expect_end();
}

Test(place, is_told_of_what_was_dropped_in_the_next_session)
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

Test(place, that_read_all_is_not_told_of_the_next_session)
{
	messages_add(log_, 1, 10);
	messages_read(&place, 3, 10);
	log_end(log_);
	log_begin(log_, 2);
	messages_add(log_, 1, 20);
	drop();
	messages_add(log_, 1, 20);
	expect_end();
	cr_expect_eq(log_->overruns, 0);
}
