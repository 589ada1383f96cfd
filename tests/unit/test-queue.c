// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receive queue: tests the order of entries and the isolation of their copies.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "engine/internal.h"

#define ENTRIES 16

static struct ibmvmc_crq_msg ring[ENTRIES];
static struct crq_queue queue;

static void setup(void)
{
	memset(ring, 0, sizeof(ring));
	crq_queue_init(&queue, ring, ENTRIES);
}

TestSuite(queue, .init = setup);

static void put(unsigned int at, u8 header, u8 type)
{
	vmc_crq_control(&ring[at], header, type);
}

Test(queue, is_empty_initially)
{
	cr_expect_not(crq_queue_pending(&queue));
	cr_expect_null(crq_queue_next_crq(&queue));
	cr_expect_eq(queue.cur, 0);
}

Test(queue, bit_80_alone_marks_an_entry)
{
	put(0, 0x7f, 1);
	cr_expect_not(crq_queue_pending(&queue));
	cr_expect_null(crq_queue_next_crq(&queue));
	put(0, 0x80, 1);
	cr_expect(crq_queue_pending(&queue));
	cr_expect_not_null(crq_queue_next_crq(&queue));
}

Test(queue, d14_the_entry_is_a_copy_the_partner_cannot_reach)
{
	struct ibmvmc_crq_msg *entry;

	vmc_crq_from_words(&ring[0], 0x8006000001000003, 0x40);
	entry = crq_queue_next_crq(&queue);
	cr_assert_not_null(entry);
	cr_expect(entry < ring || entry >= ring + ENTRIES);
	memset(ring, 0xff, sizeof(ring));
	cr_expect_eq(vmc_crq_word1(entry), 0x8006000001000003);
	cr_expect_eq(vmc_crq_word2(entry), 0x40);
}

Test(queue, d46_only_the_header_byte_is_cleared)
{
	vmc_crq_from_words(&ring[0], 0x8006000001000003, 0x40);
	cr_assert_not_null(crq_queue_next_crq(&queue));
	cr_expect_eq(vmc_crq_word1(&ring[0]), 0x0006000001000003);
	cr_expect_not(crq_queue_pending(&queue));
}

Test(queue, wraps_in_ring_order)
{
	struct ibmvmc_crq_msg *entry;
	unsigned int i;

	for (i = 0; i < 5 * ENTRIES; i++) {
		put(i % ENTRIES, VMC_CRQ_MESSAGE, (u8)i);
		entry = crq_queue_next_crq(&queue);
		cr_assert_not_null(entry);
		cr_assert_eq(vmc_crq_type(entry), (u8)i);
		cr_assert_null(crq_queue_next_crq(&queue));
	}
}

Test(queue, waits_at_a_free_entry_even_if_later_ones_are_valid)
{
	put(1, VMC_CRQ_MESSAGE, 1);
	cr_expect_null(crq_queue_next_crq(&queue));
	put(0, VMC_CRQ_MESSAGE, 2);
	cr_expect_eq(vmc_crq_type(crq_queue_next_crq(&queue)), 2);
	cr_expect_eq(vmc_crq_type(crq_queue_next_crq(&queue)), 1);
}

Test(queue, a_full_ring_is_drained_once)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		put(i, VMC_CRQ_MESSAGE, (u8)i);
	for (i = 0; i < ENTRIES; i++)
		cr_assert_eq(vmc_crq_type(crq_queue_next_crq(&queue)), i);
	cr_expect_null(crq_queue_next_crq(&queue));
}

Test(queue, clear_begins_at_the_first_entry_of_an_empty_ring)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		put(i, VMC_CRQ_MESSAGE, 1);
	crq_queue_next_crq(&queue);
	crq_queue_clear(&queue);
	cr_expect_eq(queue.cur, 0);
	for (i = 0; i < ENTRIES; i++)
		cr_expect_eq(vmc_crq_word1(&ring[i]), 0);
}
