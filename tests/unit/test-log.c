// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Message log: tests when a new segment takes the name, and when an old one is
 * dropped. The size of a segment includes two bytes for each length. The
 * choice between logs is tested in test-memory.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/resource.h>

#include "defaults.h"
#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/cursor.h"
#include "log/segment.h"
#include "log/readers.h"

#define HISTORY 4096
/* Four messages of this size fill HISTORY, lengths included. */
#define QUARTER 1022

static struct messages_clock clock_;
static struct memory memory;
static struct log *log_;
static guint notifications;

static void on_rotated(void *data)
{
	cr_assert_eq(data, &notifications);
	notifications++;
}

static void setup(void)
{
	notifications = 0;
	messages_clock_init(&clock_);
	memory_init(&memory, 1 * GIB, &clock_.clock);
	log_ = log_new(&memory, HISTORY);
	log_->rotated = on_rotated;
	log_->listener = &notifications;
}

static void teardown(void)
{
	log_free(log_);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(memory.segments, 0);
	memory_clear(&memory);
}

TestSuite(log, .init = setup, .fini = teardown);

static void age(gint64 seconds)
{
	clock_.us += seconds * G_USEC_PER_SEC;
}

Test(log, begins_with_an_empty_message)
{
	cr_expect_eq(log_->segments.length, 1);
	cr_expect_eq(log_->current->names, 1);
	cr_expect_eq(log_->current->state, SEGMENT_GROWING);
	cr_expect_null(log_->previous);
	cr_expect_eq(log_->total, 0);
	cr_expect_eq(log_->session->serial, 0);
	cr_expect_not(log_->session->open);
	log_free(NULL);
}

Test(log, the_first_session_uses_the_empty_segment)
{
	const struct segment *first = log_->current;

	log_begin(log_, 1);
	cr_expect_eq(log_->current, first);
	cr_expect_eq(first->session->serial, 1);
	cr_expect_eq(log_->rotations, 0);
	cr_expect(log_->session->open);
}

Test(log, each_session_has_its_own_segment)
{
	struct segment *first = log_->current;

	log_begin(log_, 1);
	messages_add(log_, 3, 10);
	log_end(log_);
	cr_expect_not(log_->session->open);
	cr_expect_eq(first->state, SEGMENT_SEALED);
	cr_expect_eq(log_->current, first,
		     "a closed session keeps its current segment");
	log_begin(log_, 2);
	cr_expect_eq(log_->previous, first);
	cr_expect_neq(log_->current, first);
	cr_expect_eq(log_->current->session->serial, 2);
	cr_expect_eq(log_->current->first, 3);
	cr_expect_eq(log_->current->state, SEGMENT_GROWING);
	cr_expect_eq(notifications, 1);
}

Test(log, a_session_without_messages_leaves_no_segment)
{
	struct segment *first = log_->current, *empty;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	log_end(log_);
	log_begin(log_, 2);
	empty = log_->current;
	log_end(log_);
	log_begin(log_, 3);
	cr_expect_eq(log_->current, empty,
		     "an empty segment without a holder is reused");
	cr_expect_eq(empty->session->serial, 3);
	cr_expect_eq(empty->state, SEGMENT_GROWING);

	log_hold(empty, TRUE);
	log_end(log_);
	log_begin(log_, 4);
	cr_expect_neq(log_->current, empty, "a held segment keeps its session");
	cr_expect_eq(log_->current->session->serial, 4);
	cr_expect_eq(empty->session->serial, 3);
	cr_expect_eq(empty->names, 0);
	cr_expect_eq(empty->state, SEGMENT_SEALED);
	cr_expect_eq(log_->previous, first,
		     "an empty segment does not become the previous one");
	log_release(empty, TRUE);
}

/* Returns the bytes of address space in use. */
static rlim_t address_space(void)
{
	g_autofree char *pages = NULL;

	cr_assert(g_file_get_contents("/proc/self/statm", &pages, NULL, NULL));
	return g_ascii_strtoull(pages, NULL, 10) * messages_page();
}

/* Full but young: followers need some seconds to notice the new segment. */
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

Test(log, an_old_segment_ends_at_the_history_size)
{
	log_begin(log_, 1);
	messages_add(log_, 3, QUARTER);
	age(VMCFS_SEGMENT_AGE_S);
	messages_add(log_, 1, QUARTER - 1);
	messages_add(log_, 1, 1);
	cr_expect_eq(log_->rotations, 0, "the segment is exactly full");
	messages_add(log_, 1, 1);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 5);
}

Test(log, a_young_full_segment_is_not_rotated)
{
	log_begin(log_, 1);
	age(VMCFS_SEGMENT_AGE_S / 2);
	messages_add(log_, 5, QUARTER);
	cr_expect_eq(log_->rotations, 0);
}

/* The age is that of one segment, not of the next one. */
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

Test(log, reserving_room_does_not_rotate)
{
	gsize room = segment_growth(log_->current, 16384);

	log_begin(log_, 1);
	for (int i = 0; i < 100; i++)
		cr_assert_not_null(log_tail(log_, 16384));
	cr_expect_eq(log_->rotations, 0);
	cr_expect_eq(log_->total, 0);
	cr_expect_eq(memory.used, segment_resident(log_->current));
	cr_expect_eq(memory.used, room, "the room is counted once");
	log_rotate(log_);
	cr_expect_eq(memory.used, 0);
}

Test(log, a_message_may_be_longer_than_the_history)
{
	log_begin(log_, 1);
	messages_add(log_, 1, 1000);
	messages_add(log_, 1, 100 * HISTORY);
	cr_expect_eq(log_->rotations, 0);
	messages_add(log_, 1, 1000);
	cr_expect_eq(log_->rotations, 1);
	cr_expect_eq(segment_count(log_->previous), 2);
	cr_expect_eq(segment_count(log_->current), 1);
}

/* The history limits a log; it does not allocate memory at the start. */
Test(log, an_empty_log_maps_no_memory)
{
	struct log *large = log_new(&memory, VMCFS_HISTORY_MAX);

	cr_expect_null(large->current->bytes.base);
	log_begin(large, 1);
	log_rotate(large);
	cr_expect_null(large->current->bytes.base);
	messages_add(large, 1, 1);
	cr_expect_eq(large->current->bytes.mapped, messages_page());
	log_free(large);
}

Test(log, rotating_moves_the_names)
{
	struct segment *first = log_->current, *second;
	guint64 ino = first->ino;

	log_begin(log_, 1);
	messages_add(log_, 2, 10);
	log_rotate(log_);
	second = log_->current;
	cr_expect_eq(log_->previous, first);
	cr_expect(log_is_current(log_, second));
	cr_expect_not(log_is_current(log_, first));
	cr_expect_eq(first->names, 1);
	cr_expect_eq(second->names, 1);
	cr_expect_eq(first->state, SEGMENT_SEALED);
	cr_expect_eq(second->state, SEGMENT_GROWING);
	cr_expect_neq(second->ino, ino);
	cr_expect_eq(second->first, 2);
	cr_expect_eq(notifications, 1);

	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_eq(log_->previous, second);
	cr_expect_eq(log_->segments.length, 2);
	cr_expect_null(memory_find(&memory, ino),
		       "the oldest segment is freed");
	cr_expect_eq(log_->rotations, 2);
	cr_expect_eq(memory.dropped, 0,
		     "a segment without readers is not counted as dropped");
}

Test(log, only_an_open_session_grows_after_a_rotation)
{
	log_rotate(log_);
	cr_expect_eq(log_->current->state, SEGMENT_GROWING,
		     "before the first session");
	log_begin(log_, 1);
	log_rotate(log_);
	cr_expect_eq(log_->current->state, SEGMENT_GROWING);
	log_end(log_);
	cr_expect_eq(log_->current->state, SEGMENT_SEALED);
	log_rotate(log_);
	cr_expect_eq(log_->current->state, SEGMENT_SEALED);
}

static struct segment *find(guint64 number)
{
	return readers_find(log_->session, log_->kept, number);
}

Test(log, finds_the_segment_of_a_message)
{
	struct segment *first = log_->current;

	log_begin(log_, 1);
	cr_expect_null(find(0));
	messages_add(log_, 5, 10);
	log_hold(first, TRUE);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_eq(readers_newest(log_->session, log_->kept), log_->previous,
		     "the current segment is empty");
	messages_add(log_, 5, 10);
	cr_expect_eq(find(0), first);
	cr_expect_eq(find(4), first);
	cr_expect_eq(find(5), log_->previous);
	cr_expect_eq(find(6), log_->current);
	cr_expect_eq(find(10), log_->current);
	cr_expect_null(find(11));
	cr_expect_eq(readers_newest(log_->session, log_->kept), log_->current);
	log_release(first, TRUE);
	cr_expect_eq(find(4), log_->previous,
		     "the next segment is found instead");
	log_end(log_);
	log_begin(log_, 2);
	cr_expect_null(find(4), "a held segment keeps its session");
	cr_expect_null(readers_newest(log_->session, log_->kept));
}

/* The limit of the process is below memory=: older messages are dropped. */
Test(log, drops_messages_where_the_kernel_refuses_memory)
{
	struct rlimit limit = { .rlim_cur = address_space() + 8 * MIB,
				.rlim_max = RLIM_INFINITY };

	log_->history = 1 * MIB;
	log_begin(log_, 1);
	cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
	messages_add(log_, 4000, 16 * KIB);
	cr_expect_gt(memory.dropped, 0);
	cr_expect_gt(memory.used, 2 * MIB,
		     "memory below the limit stays in use");
	cr_expect_eq(log_->total, 4000);
	cr_expect_null(log_tail(log_, 64 * MIB),
		       "a reservation above the limit fails");
	cr_expect_eq(memory.used, 0);
	messages_add(log_, 1, 10);
}

/* Returns a rotated segment with one message, without a name or a holder. */
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

Test(log, a_segment_that_is_read_is_kept)
{
	struct segment *segment;
	guint64 ino;

	log_begin(log_, 1);
	segment = two_rotations_old(TRUE);
	ino = segment->ino;
	log_hold(segment, TRUE);
	cr_expect_eq(segment->names, 0);
	cr_expect_eq(segment->state, SEGMENT_SEALED);
	cr_expect_eq(log_->segments.length, 3);
	log_release(segment, TRUE);
	cr_expect_eq(memory_find(&memory, ino), segment);
	cr_expect_eq(segment_data(segment)[9], 0);
	log_release(segment, TRUE);
	cr_expect_null(memory_find(&memory, ino));
	cr_expect_eq(log_->segments.length, 2);
}

Test(log, a_holder_without_read_access_is_no_reader)
{
	struct segment *segment;
	guint64 ino;

	log_begin(log_, 1);
	segment = two_rotations_old(TRUE);
	ino = segment->ino;
	log_hold(segment, FALSE);
	log_release(segment, FALSE);
	cr_assert_eq(memory_find(&memory, ino), segment);
	cr_expect_eq(segment->state, SEGMENT_SEALED);
	log_release(segment, TRUE);
	cr_expect_null(memory_find(&memory, ino));
}

/* A descriptor that only writes needs the inode, not the bytes. */
Test(log, a_segment_without_readers_loses_its_bytes)
{
	struct segment *segment;
	guint64 ino;

	log_begin(log_, 1);
	segment = two_rotations_old(FALSE);
	ino = segment->ino;
	cr_expect_eq(segment->state, SEGMENT_DROPPED);
	cr_expect_eq(segment_resident(segment), 0);
	cr_expect_eq(segment_size(segment), 10);
	cr_expect_eq(log_->segments.length, 2);
	cr_expect_eq(memory_find(&memory, ino), segment);
	log_release(segment, FALSE);
	cr_expect_null(memory_find(&memory, ino));
}

Test(log, a_named_segment_is_kept_after_its_release)
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
	cr_expect_eq(segment->state, SEGMENT_SEALED);
}

Test(log, an_empty_segment_does_not_take_the_name_of_another)
{
	struct segment *first = log_->current;

	log_rotate(log_);
	cr_expect_eq(log_->previous, first,
		     "the first rotation has no previous name to keep");
	messages_add(log_, 1, 10);
	first = log_->current;
	log_rotate(log_);
	log_rotate(log_);
	cr_expect_eq(log_->previous, first);
	cr_expect_eq(log_->segments.length, 2);
}

Test(log, a_segment_that_a_cursor_needs_is_kept)
{
	struct cursor cursor;
	guint64 ino = log_->current->ino;

	log_begin(log_, 1);
	messages_add(log_, 1, 10);
	cursor_init(&cursor, log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	messages_add(log_, 1, 10);
	log_rotate(log_);
	cr_expect_not_null(memory_find(&memory, ino));
	messages_read(&cursor, 1, 10);
	cr_expect_null(memory_find(&memory, ino));
	cursor_clear(&cursor);
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
	cr_expect_eq(segment->state, SEGMENT_DROPPED);
	cr_expect_eq(segment->names, 0);
	cr_expect_eq(segment_size(segment), 3000);
	cr_expect_eq(segment_count(segment), 3);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(log_->segments.length, 1);
	cr_expect_eq(notifications, 2,
		     "one notification for the rotation and one for the drop");
	log_release(segment, TRUE);
}
