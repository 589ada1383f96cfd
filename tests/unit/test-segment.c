// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Segment: tests consecutive messages and their lengths. It does not test
 * logs.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "log-messages.h"
#include "log/segment.h"

static struct segment *segment;

static void setup(void)
{
	struct log_session *session = log_session_new(3, 100);

	segment = segment_new(session, 100);
	log_session_unref(session);
}

static void teardown(void)
{
	segment_free(segment);
}

TestSuite(segment, .init = setup, .fini = teardown);

static void add(guint32 len)
{
	cr_assert_eq(segment_reserve(segment, len), 0);
	memset(segment_tail(segment), (int)segment_count(segment), len);
	segment_commit(segment, len);
}

Test(segment, begins_empty_and_growing)
{
	cr_expect_eq(segment->session->serial, 3);
	cr_expect_eq(segment->first, 100);
	cr_expect_eq(segment->state, SEGMENT_GROWING);
	cr_expect_null(segment->bytes.base, "an empty segment maps no memory");
	cr_expect_eq(segment->names + segment->readers + segment->holders, 0);
	cr_expect_eq(segment_size(segment), 0);
	cr_expect_eq(segment_count(segment), 0);
	cr_expect_eq(segment_resident(segment), 0);
}

Test(segment, keeps_messages_and_lengths)
{
	const guint32 lengths[] = { 1,	 127,	128,   4096,	      7,
				    255, 16383, 16384, (1 << 21) - 1, 1 << 21 };
	gsize offset = 0, at = 0;

	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
		add(lengths[i]);
	cr_expect_eq(segment_count(segment), G_N_ELEMENTS(lengths));
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		cr_assert_eq(segment_length(segment, at, &at), lengths[i]);
		for (guint32 byte = 0; byte < lengths[i]; byte++)
			cr_assert_eq(segment_data(segment)[offset + byte], i);
		offset += lengths[i];
	}
	cr_expect_eq(segment_size(segment), offset);
}

/* A one-byte message takes two bytes. */
Test(segment, stores_lengths_of_short_messages_in_one_byte)
{
	for (guint i = 0; i < 100; i++)
		add(1);
	cr_expect_eq(segment->bytes.used, 100);
	cr_expect_eq(segment->lengths.used, 100);
	add(128);
	cr_expect_eq(segment->lengths.used, 102);
}

Test(segment, uses_whole_pages_and_its_structure)
{
	gsize page = messages_page();

	cr_expect_eq(segment_growth(segment, 1), 2 * page + SEGMENT_OVERHEAD);
	add(1);
	cr_expect_eq(segment_resident(segment), 2 * page + SEGMENT_OVERHEAD);
	cr_expect_eq(segment_growth(segment, (guint32)page - SEGMENT_LEAD - 1),
		     0);
	cr_expect_eq(segment_growth(segment, (guint32)page - SEGMENT_LEAD),
		     page);
	add((guint32)page);
	cr_expect_eq(segment_resident(segment), 3 * page + SEGMENT_OVERHEAD);
}

Test(segment, maps_only_its_messages_when_sealed)
{
	gsize page = messages_page();

	add(1);
	cr_assert_eq(segment_reserve(segment, (guint32)(16 * page)), 0);
	segment_seal(segment);
	cr_expect_eq(segment->state, SEGMENT_SEALED);
	cr_expect_eq(segment->bytes.mapped, page);
	cr_expect_eq(segment_data(segment)[0], 0);
	for (gsize i = 1; i < 10 * page; i++)
		add(1);
	cr_expect_gt(segment->lengths.mapped, 10 * page);
	segment_seal(segment);
	cr_expect_eq(segment->bytes.mapped, 11 * page);
	cr_expect_eq(segment->lengths.mapped, 10 * page);
}

Test(segment, has_its_first_byte_at_another_offset_than_the_buffer_of_a_reader)
{
	gsize page = messages_page();

	for (gsize i = 0; i < 100 * page; i += page / 4) {
		add((guint32)page / 4);
		cr_assert_eq((guintptr)segment_data(segment) % page,
			     SEGMENT_LEAD);
	}
}

Test(segment, keeps_its_size_and_times_when_dropped)
{
	add(1000);
	add(234);
	segment->modified.tv_sec = 4711;
	segment_drop(segment);
	cr_expect_eq(segment->state, SEGMENT_DROPPED);
	cr_expect_eq(segment_size(segment), 1234);
	cr_expect_eq(segment_count(segment), 2);
	cr_expect_eq(segment_resident(segment), 0);
	cr_expect_eq(segment->first, 100);
	cr_expect_eq(segment->modified.tv_sec, 4711);
	segment_drop(segment);
	cr_expect_eq(segment_size(segment), 1234);
}
