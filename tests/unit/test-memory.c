// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory budget: tests which segment is dropped first, which memory is
 * counted, and that the limit holds as long as a segment can be dropped. It
 * does not test one log alone. A segment with a one-page message takes two
 * pages, one for its bytes and one for its lengths, and SEGMENT_OVERHEAD.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/cursor.h"
#include "log/segment.h"

#define LOGS 3
#define LIMIT_PAGES 64

static struct messages_clock clock_;
static struct memory memory;
static struct log *logs[LOGS];
static gsize page;

static void setup(void)
{
	page = messages_page();
	messages_clock_init(&clock_);
	memory_init(&memory, LIMIT_PAGES * page, &clock_.clock);
	for (guint i = 0; i < LOGS; i++) {
		logs[i] = log_new(&memory, 1024 * page);
		log_begin(logs[i], 1);
	}
}

static void teardown(void)
{
	for (guint i = 0; i < LOGS; i++)
		log_free(logs[i]);
	cr_expect_eq(memory.used, 0);
	memory_clear(&memory);
}

TestSuite(memory, .init = setup, .fini = teardown);

static void check_used(void)
{
	gsize used = 0;

	for (guint i = 0; i < LOGS; i++)
		for (GList *link = logs[i]->segments.head; link;
		     link = link->next)
			used += segment_resident(link->data);
	cr_assert_eq(memory.used, used);
}

/* Fills the current segment with pages and rotates; @hold keeps it in use. */
static struct segment *rotated(struct log *log, guint pages, gboolean hold)
{
	struct segment *segment = log->current;

	messages_add(log, pages, (guint32)page);
	if (hold)
		log_hold(segment, TRUE);
	log_rotate(log);
	return segment;
}

/*
 * Requests so much memory that exactly one segment must be dropped: more than a
 * rotation returns, which unmaps what was populated ahead.
 */
static void squeeze(void)
{
	messages_make_room(&memory, memory.limit - memory.used + 2 * page);
	check_used();
}

Test(memory, begins_empty)
{
	cr_expect_eq(memory.limit, LIMIT_PAGES * page);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(memory.dropped, 0);
	cr_expect_eq(memory.rotations_forced, 0);
	cr_expect_eq(memory.segments, LOGS);
}

Test(memory, inode_numbers_fit_into_32_bits_and_are_not_used_twice)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

	for (int i = 0; i < 100000; i++) {
		guint64 ino = memory_new_ino(&memory);

		cr_assert_gt(ino, 1, "1 is the root directory");
		cr_assert_lt(ino, (guint64)1 << 32);
		cr_assert(g_hash_table_add(seen, GUINT_TO_POINTER(ino)));
	}
}

Test(memory, inode_numbers_wrap_around_past_those_in_use)
{
	guint64 text = memory_new_ino(&memory);

	memory.next_ino = G_MAXUINT32;
	cr_expect_eq(memory_new_ino(&memory), G_MAXUINT32);
	cr_expect_eq(memory_new_ino(&memory), 2);
	memory.next_ino = (guint32)logs[0]->current->ino;
	for (int i = 0; i < 10; i++) {
		guint64 ino = memory_new_ino(&memory);

		cr_assert_neq(ino, text);
		for (guint j = 0; j < LOGS; j++)
			cr_assert_neq(ino, logs[j]->current->ino);
	}
}

/* Two runs are at least a second apart; each uses a thousand numbers. */
Test(memory, a_later_run_uses_other_inode_numbers)
{
	guint32 starts[1000];

	for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
		struct memory run;

		clock_.us += G_USEC_PER_SEC;
		memory_init(&run, 1, &clock_.clock);
		starts[i] = run.next_ino;
		memory_clear(&run);
		for (guint j = 0; j < i; j++)
			cr_assert_geq(MIN(starts[i] - starts[j],
					  starts[j] - starts[i]),
				      1000);
	}
}

Test(memory, finds_segments_by_inode_number)
{
	struct segment *segment = rotated(logs[0], 1, TRUE);
	guint64 ino = segment->ino;

	for (guint i = 0; i < LOGS; i++)
		cr_expect_eq(memory_find(&memory, logs[i]->current->ino),
			     logs[i]->current);
	log_drop(logs[0], segment);
	cr_expect_eq(memory_find(&memory, ino), segment,
		     "a held segment is found after its drop");
	log_release(segment, TRUE);
	cr_expect_null(memory_find(&memory, ino));
	cr_expect_null(memory_find(&memory, 0));
}

Test(memory, counts_pages_and_structures)
{
	gsize small = 2 * page + SEGMENT_OVERHEAD;

	messages_add(logs[0], 1, 1);
	cr_expect_eq(memory.used, small);
	messages_add(logs[0], 1, (guint32)page);
	cr_expect_eq(memory.used, small + page);
	messages_add(logs[1], 1, 1);
	cr_expect_eq(memory.used, 2 * small + page);
	check_used();
	log_rotate(logs[0]);
	cr_expect_eq(memory.used, 2 * small + page);
	log_drop(logs[0], logs[0]->previous);
	cr_expect_eq(memory.used, small);
}

Test(memory, no_segment_is_dropped_within_the_limit)
{
	rotated(logs[0], 4, FALSE);
	messages_make_room(&memory, memory.limit - memory.used);
	cr_expect_not_null(logs[0]->previous);
	cr_expect_eq(memory.dropped, 0);
}

Test(memory, unnamed_segments_are_dropped_before_rotated_ones_oldest_first)
{
	struct segment *held[5];

	/* The segment of the first log is the oldest, but keeps its name. */
	held[0] = rotated(logs[1], 4, TRUE);
	held[2] = rotated(logs[0], 4, TRUE);
	held[1] = rotated(logs[2], 4, TRUE);
	held[3] = rotated(logs[1], 4, TRUE);
	held[4] = rotated(logs[2], 4, TRUE);
	messages_add(logs[2], 8, (guint32)page);
	for (guint i = 0; i < G_N_ELEMENTS(held); i++) {
		for (guint later = i; later < G_N_ELEMENTS(held); later++)
			cr_assert_neq(held[later]->state, SEGMENT_DROPPED,
				      "%u before %u", later, i);
		squeeze();
		cr_assert_eq(held[i]->state, SEGMENT_DROPPED, "number %u", i);
		cr_assert_eq(memory.dropped, i + 1);
		cr_assert_eq(segment_size(held[i]), 4 * page);
	}
	cr_expect_null(logs[0]->previous);
	cr_expect_null(logs[1]->previous);
	cr_expect_eq(memory.rotations_forced, 0);
	cr_expect_eq(segment_count(logs[2]->current), 8);
	for (guint i = 0; i < G_N_ELEMENTS(held); i++)
		log_release(held[i], TRUE);
}

/* Descriptors do not count, since they can return ESTALE. */
Test(memory, segments_of_channel_readers_are_dropped_last)
{
	struct segment *needed, *largest = logs[2]->current;
	struct cursor cursor;

	cursor_init(&cursor, logs[0]);
	needed = rotated(logs[0], 4, TRUE);
	rotated(logs[0], 0, FALSE);
	rotated(logs[1], 4, FALSE);
	messages_add(logs[2], 8, (guint32)page);
	log_hold(largest, TRUE);
	squeeze();
	cr_expect_null(logs[1]->previous,
		       "a named segment without a reader is dropped first");
	squeeze();
	cr_expect_eq(largest->state, SEGMENT_DROPPED,
		     "a current segment without a reader is dropped second");
	cr_expect_eq(needed->state, SEGMENT_SEALED);
	squeeze();
	cr_expect_eq(needed->state, SEGMENT_DROPPED);
	log_release(needed, TRUE);
	log_release(largest, TRUE);
	cursor_clear(&cursor);
}

Test(memory, the_largest_current_segment_is_rotated_and_dropped)
{
	struct segment *largest = logs[1]->current;

	messages_add(logs[0], 4, (guint32)page);
	messages_add(logs[1], 8, (guint32)page);
	messages_add(logs[2], 6, (guint32)page);
	log_hold(largest, TRUE);
	squeeze();
	cr_expect_eq(largest->state, SEGMENT_DROPPED);
	cr_expect_eq(memory.rotations_forced, 1);
	cr_expect_eq(memory.dropped, 1);
	cr_expect_eq(logs[1]->rotations, 1);
	cr_expect_neq(logs[1]->current, largest);
	cr_expect_eq(logs[0]->rotations + logs[2]->rotations, 0);
	cr_expect_eq(memory.used, (6 + 8) * page + 2 * SEGMENT_OVERHEAD);
	log_release(largest, TRUE);
}

/* The drop would free no memory, and the name would be lost. */
Test(memory, an_empty_segment_is_not_dropped)
{
	struct segment *empty = logs[0]->current;

	log_rotate(logs[0]);
	messages_add(logs[0], 4, (guint32)page);
	squeeze();
	cr_expect_eq(memory.rotations_forced, 1);
	cr_expect_eq(logs[1]->rotations, 0);
	empty = logs[1]->current;
	log_rotate(logs[1]);
	messages_add(logs[2], 4, (guint32)page);
	squeeze();
	cr_expect_eq(logs[1]->previous, empty);
}

Test(memory, a_limit_that_cannot_be_kept_does_not_loop)
{
	messages_make_room(&memory, 2 * memory.limit);
	cr_expect_eq(memory.dropped, 0);
	messages_add(logs[0], 4, (guint32)page);
	messages_make_room(&memory, 2 * memory.limit);
	cr_expect_eq(memory.used, 0);
	memory.limit = 1;
	messages_add(logs[0], 1, (guint32)page);
	cr_expect_eq(segment_count(logs[0]->current), 1);
	messages_add(logs[0], 1, (guint32)page);
	cr_expect_eq(segment_count(logs[0]->current), 1);
	cr_expect_eq(memory.dropped, 2);
}

/* Random reads, rotations and writes of random logs. */
Test(memory, random_use_keeps_the_limit)
{
	struct segment *held[16] = { NULL };

	srandom(1);
	for (guint i = 0; i < 20000; i++) {
		struct log *log = logs[random() % LOGS];
		guint slot = (guint)random() % G_N_ELEMENTS(held);

		messages_add(log, 1, 1 + (guint32)random() % (guint32)page);
		cr_assert_leq(memory.used, memory.limit);
		check_used();
		if (random() % 8 == 0) {
			if (held[slot])
				log_release(held[slot], TRUE);
			held[slot] = log->current;
			log_hold(held[slot], TRUE);
		}
		if (random() % 16 == 0)
			log_rotate(log);
	}
	cr_expect_gt(memory.dropped, 0);
	for (guint i = 0; i < G_N_ELEMENTS(held); i++) {
		if (held[i])
			log_release(held[i], TRUE);
	}
	check_used();
}
