// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The message log: when a new segment takes the name, and when an old one
 * goes. A segment's size is counted with the four bytes of each length.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "defaults.h"
#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/place.h"
#include "log/segment.h"

#define HISTORY 4096
/* Four of these make HISTORY, their lengths included. */
#define QUARTER 1020

static struct memory memory;
static struct log *log_;
static guint told;

static void on_rotated(void *data)
{
	cr_assert_eq(data, &told);
	told++;
}

static void setup(void)
{
	told = 0;
	memory_init(&memory, 1 * GIB);
	log_ = log_new(&memory, HISTORY);
	cr_assert_not_null(log_);
	log_->rotated = on_rotated;
	log_->rotated_data = &told;
}

static void teardown(void)
{
	log_free(log_);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(memory.segments.length, 0);
	memory_clear(&memory);
}

TestSuite(log, .init = setup, .fini = teardown);

static void age(gint64 seconds)
{
	log_->current->born -= seconds * G_USEC_PER_SEC;
}

Test(log, begins_with_an_empty_message)
{
	cr_expect_eq(log_->segments.length, 1);
	cr_expect_eq(log_->current->names, 1);
	cr_expect_eq(log_->current->serial, 0);
	cr_expect(log_->current->growing);
	cr_expect_null(log_->previous);
	cr_expect_eq(log_->total, 0);
	cr_expect_eq(log_->serial, 0);
	cr_expect_not(log_->open);
	log_free(NULL);
}

Test(log, the_first_session_takes_the_empty_segment)
{
	const struct segment *first = log_->current;

	cr_assert_eq(log_begin(log_, 1), 0);
	cr_expect_eq(log_->current, first);
	cr_expect_eq(first->serial, 1);
	cr_expect_eq(log_->rotations, 0);
	cr_expect(log_->open);
}

Test(log, a_session_gets_a_segment_of_its_own)
{
	struct segment *first = log_->current;

	log_begin(log_, 1);
	messages_add(log_, 3, 10);
	log_end(log_);
	cr_expect_not(log_->open);
	cr_expect_not(first->growing);
	cr_expect_eq(log_->current, first, "it is to be seen still");
	cr_assert_eq(log_begin(log_, 2), 0);
	cr_expect_eq(log_->previous, first);
	cr_expect_neq(log_->current, first);
	cr_expect_eq(log_->current->serial, 2);
	cr_expect_eq(log_->current->first, 3);
	cr_expect(log_->current->growing);
	cr_expect_eq(told, 1);
}

Test(log, a_session_without_messages_leaves_none_behind)
{
	struct segment *first = log_->current, *empty;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	log_end(log_);
	log_begin(log_, 2);
	empty = log_->current;
	log_end(log_);
	cr_assert_eq(log_begin(log_, 3), 0);
	cr_expect_eq(log_->current, empty, "nobody has seen it");
	cr_expect_eq(empty->serial, 3);
	cr_expect(empty->growing);

	log_hold(empty, TRUE);
	log_end(log_);
	cr_assert_eq(log_begin(log_, 4), 0);
	cr_expect_neq(log_->current, empty, "it is the old session's");
	cr_expect_eq(log_->current->serial, 4);
	cr_expect_eq(empty->serial, 3);
	cr_expect_eq(empty->names, 0);
	cr_expect_not(empty->growing);
	cr_expect_eq(log_->previous, first, "it has messages");
	log_release(empty, TRUE);
}

/* Once it could be a race with a rotation; twice it is meant. */
Test(log, a_rotated_segment_is_not_written_to)
{
	struct segment *segment = log_->current;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	cr_expect_eq(log_check_write(segment), 0);
	log_looked_up(segment);
	cr_expect_eq(log_check_write(segment), 0);
	log_rotate(log_);
	cr_expect_eq(log_check_write(segment), -ESTALE);
	cr_expect_eq(log_check_write(segment), -ESTALE);
	log_looked_up(segment);
	cr_expect_eq(log_check_write(segment), -EROFS);
	cr_expect_eq(log_check_write(log_->current), 0);
}

/* Full, but young: the followers of the old one need some seconds to notice. */
Test(log, a_young_segment_grows_to_four_times_the_history)
{
	log_begin(log_, 1);
	messages_add(log_, 16, QUARTER);
	cr_expect_eq(log_->rotations, 0);
	messages_add(log_, 1, QUARTER);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 16);
	cr_expect_eq(log_->current->first, 16);
	cr_expect_eq(segment_count(log_->current), 1);
	cr_expect_eq(log_->total, 17);
}

Test(log, an_old_segment_ends_at_the_history)
{
	log_begin(log_, 1);
	messages_add(log_, 3, QUARTER);
	age(VMCFS_SEGMENT_AGE_S);
	messages_add(log_, 1, QUARTER - 1);
	messages_add(log_, 1, 1);
	cr_expect_eq(log_->rotations, 0, "it was not full");
	messages_add(log_, 1, 1);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 5);
}

Test(log, a_full_segment_stays_while_it_is_young)
{
	log_begin(log_, 1);
	age(VMCFS_SEGMENT_AGE_S / 2);
	messages_add(log_, 5, QUARTER);
	cr_expect_eq(log_->rotations, 0);
}

/* An age counts for the segment that has it, not for the next one. */
Test(log, a_new_segment_is_young)
{
	log_begin(log_, 1);
	messages_add(log_, 4, QUARTER);
	age(VMCFS_SEGMENT_AGE_S);
	messages_add(log_, 16, QUARTER);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 4);
	cr_expect_eq(segment_count(log_->current), 16);
}

Test(log, looking_for_room_alone_changes_nothing)
{
	log_begin(log_, 1);
	for (int i = 0; i < 100; i++)
		cr_assert_not_null(log_tail(log_, 16384));
	cr_expect_eq(log_->rotations, 0);
	cr_expect_eq(log_->total, 0);
	cr_expect_eq(memory.used, 0);
}

Test(log, rotates_when_a_message_would_not_fit)
{
	log_begin(log_, 1);
	messages_add(log_, 1, 1000);
	messages_add(log_, 1, 4 * HISTORY + 64 * KIB - 999);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 1);
	cr_expect_eq(segment_count(log_->current), 1);
}

Test(log, rotating_hands_the_names_on)
{
	struct segment *first = log_->current, *second;
	guint64 ino = first->ino;

	log_begin(log_, 1);
	messages_add(log_, 2, 10);
	cr_assert_eq(log_rotate(log_), 0);
	second = log_->current;
	cr_expect_eq(log_->previous, first);
	cr_expect(log_is_current(log_, second));
	cr_expect_not(log_is_current(log_, first));
	cr_expect_eq(first->names, 1);
	cr_expect_eq(second->names, 1);
	cr_expect_not(first->growing);
	cr_expect(second->growing);
	cr_expect_gt(second->ino, ino);
	cr_expect_eq(second->first, 2);
	cr_expect_eq(told, 1);

	messages_add(log_, 1, 10);
	cr_assert_eq(log_rotate(log_), 0);
	cr_expect_eq(log_->previous, second);
	cr_expect_eq(log_->segments.length, 2);
	cr_expect_null(memory_find(&memory, ino), "the oldest is freed");
	cr_expect_eq(log_->rotations, 2);
	cr_expect_eq(memory.dropped, 0, "nobody needed it");
}

Test(log, only_an_open_session_grows_after_a_rotation)
{
	log_rotate(log_);
	cr_expect(log_->current->growing, "before the first session");
	log_begin(log_, 1);
	log_rotate(log_);
	cr_expect(log_->current->growing);
	log_end(log_);
	cr_expect_not(log_->current->growing);
	log_rotate(log_);
	cr_expect_not(log_->current->growing);
}

Test(log, finds_the_segment_of_a_message)
{
	struct segment *first = log_->current;

	log_begin(log_, 1);
	cr_expect_null(log_find(log_, 0));
	messages_add(log_, 5, 10);
	log_hold(first, TRUE);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 5, 10);
	cr_expect_eq(log_find(log_, 0), first);
	cr_expect_eq(log_find(log_, 4), first);
	cr_expect_eq(log_find(log_, 5), log_->previous);
	cr_expect_eq(log_find(log_, 6), log_->current);
	cr_expect_eq(log_find(log_, 10), log_->current);
	cr_expect_null(log_find(log_, 11));
	log_release(first, TRUE);
	cr_expect_not_null(log_find(log_, 4), "the oldest one behind it");
	cr_expect_eq(log_find(log_, 4)->first, 5);
}

Test(log, says_when_there_is_no_address_space)
{
	struct segment *current;

	cr_expect_null(log_new(&memory, G_MAXSIZE / 16));
	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	current = log_->current;
	log_->history = G_MAXSIZE / 16;
	cr_expect_eq(log_rotate(log_), -ENOMEM);
	cr_expect_eq(log_->current, current);
	cr_expect(current->growing);
	cr_expect_null(log_->previous);
	cr_expect_eq(log_->rotations, 0);
	log_end(log_);
	cr_expect_eq(log_begin(log_, 2), -ENOMEM);
	cr_expect_eq(log_->serial, 1);
	cr_expect_not(log_->open);
	cr_expect_eq(log_->current, current);
	cr_expect_eq(told, 0);
	log_->history = HISTORY;
	cr_expect_eq(log_begin(log_, 2), 0);
}

/* A rotated segment with one message, and with neither name nor holder. */
static struct segment *two_rotations_old(gboolean reads)
{
	struct segment *segment = log_->current;

	messages_add(log_, 1, 10);
	log_hold(segment, reads);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	return segment;
}

Test(log, what_is_read_stays)
{
	struct segment *segment;
	guint64 ino;

	log_begin(log_, 1);
	segment = two_rotations_old(TRUE);
	ino = segment->ino;
	log_hold(segment, TRUE);
	cr_expect_eq(segment->names, 0);
	cr_expect_not(segment->dropped);
	cr_expect_eq(log_->segments.length, 3);
	log_release(segment, TRUE);
	cr_expect_eq(memory_find(&memory, ino), segment);
	cr_expect_eq(segment->bytes.base[9], 0);
	log_release(segment, TRUE);
	cr_expect_null(memory_find(&memory, ino));
	cr_expect_eq(log_->segments.length, 2);
}

/* Who only writes needs the inode, not the bytes. */
Test(log, what_is_only_held_loses_its_bytes)
{
	struct segment *segment;
	guint64 ino;

	log_begin(log_, 1);
	segment = two_rotations_old(FALSE);
	ino = segment->ino;
	cr_expect(segment->dropped);
	cr_expect_eq(segment_resident(segment), 0);
	cr_expect_eq(segment_size(segment), 10);
	cr_expect_eq(log_->segments.length, 2);
	cr_expect_eq(memory_find(&memory, ino), segment);
	log_release(segment, FALSE);
	cr_expect_null(memory_find(&memory, ino));
}

Test(log, what_has_a_name_stays_when_released)
{
	struct segment *segment = log_->current;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	log_hold(segment, TRUE);
	log_release(segment, TRUE);
	cr_expect_eq(log_->current, segment);
	log_rotate(log_);
	log_hold(segment, TRUE);
	log_release(segment, TRUE);
	cr_expect_eq(log_->previous, segment);
	cr_expect_not(segment->dropped);
}

Test(log, an_empty_segment_takes_no_name_from_another)
{
	struct segment *first = log_->current;

	log_rotate(log_);
	cr_expect_eq(log_->previous, first, "there was none yet");
	messages_add(log_, 1, 10);
	first = log_->current;
	log_rotate(log_);
	log_rotate(log_);
	cr_expect_eq(log_->previous, first);
	cr_expect_eq(log_->segments.length, 2);
}

Test(log, what_a_place_needs_stays)
{
	struct place place;
	guint64 ino = log_->current->ino;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	place_init(&place, log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_not_null(memory_find(&memory, ino));
	messages_read(&place, 1, 10);
	cr_expect_null(memory_find(&memory, ino));
	place_clear(&place);
}

Test(log, a_dropped_segment_keeps_its_size)
{
	struct segment *segment = log_->current;

	log_begin(log_, 1);
	messages_add(log_, 3, 1000);
	log_hold(segment, TRUE);
	log_rotate(log_);
	log_drop(log_, segment);
	cr_expect_null(log_->previous);
	cr_expect(segment->dropped);
	cr_expect_eq(segment->names, 0);
	cr_expect_eq(segment_size(segment), 3000);
	cr_expect_eq(segment_count(segment), 3);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(log_->segments.length, 1);
	cr_expect_eq(told, 2, "once rotated, once dropped");
	log_release(segment, TRUE);
}
