// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Partition of the hypervisor: tests the registration of its queue, the number
 * of used entries, interrupts, and the effect of a migration. It does not test
 * the contents of entries.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "partition.h"

static struct partition *partition;

static void setup(void)
{
	partition = partition_new(&partition_config);
}

static void teardown(void)
{
	partition_free(partition);
}

TestSuite(hv_partition, .init = setup, .fini = teardown);

static unsigned int ring_used(void)
{
	unsigned int used = 0;

	for (int i = 0; i < PARTITION_RING; i++)
		used += partition->ring[i].bytes[0] != VMC_CRQ_FREE;
	return used;
}

static void step(void)
{
	while (vmc_hv_step(partition->hv, partition->now_ms))
		;
}

Test(hv_partition, registers_one_queue)
{
	struct ibmvmc_crq_msg ring[16] = { 0 };

	cr_expect_eq(vmc_hv_register_queue(partition->hv, ring, 16),
		     VMC_H_RESOURCE);
	cr_expect_eq(vmc_hv_free_queue(partition->hv), VMC_H_SUCCESS);
	cr_expect_eq(vmc_hv_free_queue(partition->hv), VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, NULL, 16),
		     VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, ring, 8),
		     VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, ring, 15),
		     VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, ring, 16),
		     VMC_H_SUCCESS);
}

/* A page of 64 KiB, which a partition can have, contains this many. */
Test(hv_partition, accepts_a_queue_of_4096_entries)
{
	static struct ibmvmc_crq_msg ring[4096];

	vmc_hv_free_queue(partition->hv);
	cr_assert_eq(vmc_hv_register_queue(partition->hv, ring, 4096),
		     VMC_H_SUCCESS);
	for (int i = 0; i < 4096 + 1; i++) {
		cr_assert_eq(partition_send_init(partition,
						 VMC_INIT_INITIALIZE),
			     VMC_H_SUCCESS);
		step();
		cr_assert_eq(ring[i % 4096].bytes[0], VMC_CRQ_INIT);
		ring[i % 4096].bytes[0] = VMC_CRQ_FREE;
	}
}

Test(hv_partition, uses_at_most_half_of_the_queue)
{
	unsigned int sent = 0;

	for (int i = 0; i < PARTITION_RING; i++) {
		cr_assert_eq(partition_send_init(partition,
						 VMC_INIT_INITIALIZE),
			     VMC_H_SUCCESS);
		partition_send_capabilities(partition, NULL);
		step();
		sent = ring_used();
		cr_assert_leq(sent, PARTITION_RING / 2);
	}
	cr_expect_eq(sent, PARTITION_RING / 2);
}

Test(hv_partition, fills_entries_in_order_and_waits_for_each)
{
	struct ibmvmc_crq_msg msg;
	unsigned int taken = 0;

	for (int i = 0; i < 1000; i++) {
		cr_assert_eq(partition_send_init(partition,
						 VMC_INIT_INITIALIZE),
			     VMC_H_SUCCESS);
		step();
		while (partition_take(partition, &msg)) {
			cr_assert_eq(vmc_crq_word1(&msg), 0xc002ULL << 48);
			cr_assert_eq(vmc_crq_word2(&msg), 0);
			taken++;
		}
	}
	cr_expect_eq(taken, 1000);
}

Test(hv_partition, an_entry_not_cleared_is_not_overwritten)
{
	struct ibmvmc_crq_msg foreign;

	memset(&foreign, 0xa5, sizeof(foreign));
	partition->ring[0] = foreign;
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	step();
	cr_expect_arr_eq(&partition->ring[0], &foreign, sizeof(foreign));
	cr_expect_eq(ring_used(), 1);
	partition->ring[0].bytes[0] = VMC_CRQ_FREE;
	step();
	cr_expect_eq(vmc_crq_word1(&partition->ring[0]), 0xc002ULL << 48);
}

Test(hv_partition, raises_interrupts_only_while_they_are_enabled)
{
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	step();
	cr_expect_eq(partition->interrupts, 1);

	vmc_hv_set_interrupts(partition->hv, false);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	step();
	vmc_hv_set_interrupts(partition->hv, true);
	cr_expect_eq(partition->interrupts, 1,
		     "an interrupt was raised after it was disabled");

	partition_send_init(partition, VMC_INIT_INITIALIZE);
	step();
	cr_expect_eq(partition->interrupts, 2);
	cr_expect_eq(ring_used(), 3);
}

Test(hv_partition, registration_leaves_interrupts_disabled)
{
	struct ibmvmc_crq_msg ring[16] = { 0 };

	vmc_hv_free_queue(partition->hv);
	vmc_hv_set_interrupts(partition->hv, true);
	vmc_hv_register_queue(partition->hv, ring, 16);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	step();
	cr_expect_neq(ring[0].bytes[0], VMC_CRQ_FREE);
	cr_expect_eq(partition->interrupts, 0);
}

Test(hv_partition, a_new_registration_discards_the_old_state)
{
	u32 lioba;
	u8 data[8];

	partition_open(partition, 0, 7);
	lioba = partition->buffers[0][0].lioba;
	partition_ask_open(partition, 1, 1);
	vmc_hv_free_queue(partition->hv);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, data, 8),
		     VMC_H_PERMISSION);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_CLOSED);

	partition_register(partition);
	step();
	cr_expect_eq(ring_used(), 0,
		     "an entry of the old registration was sent");
	partition_open(partition, 0, 1);
	cr_expect_eq(partition_violations(partition), 0);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, data, 8),
		     VMC_H_DEST_PARM);
	cr_expect_eq(partition_violations(partition), 1);
}

Test(hv_partition, a_migration_disables_the_queue_until_it_is_enabled)
{
	partition_open(partition, 0, 1);
	partition_forget_log(partition);
	cr_assert_eq(vmc_hv_transport_event(partition->hv, VMC_EVENT_MIGRATED),
		     0);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_CLOSED);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);

	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_IN_PROGRESS);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_CLOSED);
	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_SUCCESS);
	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_SUCCESS);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1,
		     "the hypervisor sends no Initialize");

	vmc_hv_transport_event(partition->hv, VMC_EVENT_MIGRATED);
	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_IN_PROGRESS,
		     "a second migration also disables the queue");
	cr_expect_eq(vmc_hv_enable_queue(partition->hv), VMC_H_SUCCESS);
	partition_run(partition);

	memset(partition->buffers, 0, sizeof(partition->buffers));
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_partition, a_new_registration_ends_a_migration)
{
	vmc_hv_transport_event(partition->hv, VMC_EVENT_MIGRATED);
	vmc_hv_free_queue(partition->hv);
	partition_register(partition);
	partition_open(partition, 0, 1);
	cr_expect_eq(partition_violations(partition), 0);
}
