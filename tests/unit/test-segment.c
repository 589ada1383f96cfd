// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A segment: consecutive messages and their lengths.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "log-messages.h"
#include "log/segment.h"

static struct segment *segment;

static void setup(void)
{
	segment = segment_new(NULL, 4711, 3, 100, 65536);
	cr_assert_not_null(segment);
}

static void teardown(void)
{
	segment_free(segment);
}

TestSuite(segment, .init = setup, .fini = teardown);

static void add(guint32 len)
{
	memset(segment_tail(segment), (int)segment_count(segment), len);
	segment_commit(segment, len);
}

static gboolean is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

Test(segment, begins_empty_and_growing)
{
	cr_expect_eq(segment->ino, 4711);
	cr_expect_eq(segment->serial, 3);
	cr_expect_eq(segment->first, 100);
	cr_expect(segment->growing);
	cr_expect_not(segment->dropped);
	cr_expect_eq(segment->names + segment->readers + segment->holders, 0);
	cr_expect_eq(segment_size(segment), 0);
	cr_expect_eq(segment_count(segment), 0);
	cr_expect_eq(segment_resident(segment), 0);
}

Test(segment, keeps_messages_and_lengths)
{
	const guint32 lengths[] = { 1, 4096, 7, 255, 16384 };
	gsize offset = 0;

	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
		add(lengths[i]);
	cr_expect_eq(segment_count(segment), G_N_ELEMENTS(lengths));
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		cr_assert_eq(segment_length(segment, i), lengths[i]);
		for (guint32 byte = 0; byte < lengths[i]; byte++)
			cr_assert_eq(segment->bytes.base[offset + byte], i);
		offset += lengths[i];
	}
	cr_expect_eq(segment_size(segment), offset);
}

Test(segment, takes_whole_pages_for_bytes_and_lengths)
{
	gsize page = messages_page();

	add(1);
	cr_expect_eq(segment_resident(segment), 2 * page);
	add((guint32)page);
	cr_expect_eq(segment_resident(segment), 3 * page);
}

Test(segment, tells_when_it_was_written)
{
	struct timespec before, after;

	cr_expect_eq(segment->modified.tv_sec, segment->created.tv_sec);
	cr_expect_eq(segment->modified.tv_nsec, segment->created.tv_nsec);
	segment->modified = (struct timespec){ 0 };
	clock_gettime(CLOCK_REALTIME, &before);
	add(5);
	clock_gettime(CLOCK_REALTIME, &after);
	cr_expect_not(is_before(&segment->modified, &before));
	cr_expect_not(is_before(&after, &segment->modified));
	cr_expect_not(is_before(&segment->modified, &segment->created));
	cr_expect_leq(segment->born, g_get_monotonic_time());
	cr_expect_gt(segment->born,
		     g_get_monotonic_time() - 60 * G_USEC_PER_SEC);
}

Test(segment, fits_up_to_its_last_byte)
{
	cr_expect(segment_fits(segment, 65536));
	cr_expect_not(segment_fits(segment, 65537));
	add(65530);
	cr_expect(segment_fits(segment, 6));
	cr_expect_not(segment_fits(segment, 7));
	add(6);
	cr_expect_not(segment_fits(segment, 1));
}

/* Four bytes of lengths for each message, however short it is. */
Test(segment, fits_up_to_its_last_length)
{
	segment_free(segment);
	segment = segment_new(NULL, 1, 1, 0, 16);
	for (int i = 0; i < 4; i++) {
		cr_assert(segment_fits(segment, 1));
		add(1);
	}
	cr_expect_not(segment_fits(segment, 1));
	cr_expect_eq(segment_size(segment), 4);
	cr_expect_eq(segment_length(segment, 3), 1);
}

Test(segment, a_dropped_one_keeps_its_size_and_times)
{
	struct timespec modified;

	add(1000);
	add(234);
	modified = segment->modified;
	segment_drop(segment);
	cr_expect(segment->dropped);
	cr_expect_not(segment->growing);
	cr_expect_eq(segment_size(segment), 1234);
	cr_expect_eq(segment_count(segment), 2);
	cr_expect_eq(segment_resident(segment), 0);
	cr_expect_eq(segment->first, 100);
	cr_expect_eq(segment->modified.tv_sec, modified.tv_sec);
	cr_expect_eq(segment->modified.tv_nsec, modified.tv_nsec);
	segment_drop(segment);
	cr_expect_eq(segment_size(segment), 1234);
}

Test(segment, says_when_there_is_no_address_space)
{
	cr_expect_null(segment_new(NULL, 1, 1, 0, G_MAXSIZE / 2));
	segment_free(NULL);
}
