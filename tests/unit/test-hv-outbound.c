// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outbound messages: tests the order of messages that the simulated hypervisor
 * sends by itself, single messages and floods, and the requests for their
 * buffers. It does not test their contents.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "partition.h"

static struct partition *partition;
static u64 expected;
static u32 expected_size;

static void setup(void)
{
	partition = partition_new(&partition_config);
	partition_open(partition, 0, 1);
	expected = 0;
}

static void teardown(void)
{
	partition_free(partition);
}

TestSuite(hv_outbound, .init = setup, .fini = teardown);

static void remake(u16 pool)
{
	struct vmc_hv_config config = partition_config;

	config.pool = pool;
	partition_free(partition);
	partition = partition_new(&config);
	partition_open(partition, 0, 1);
}

static void check_flood(struct partition *p)
{
	char text[VMC_MTU_MAX + 32];
	int len = snprintf(text, sizeof(text), "%llu ", ++expected);

	memset(text + len, '.', expected_size);
	text[expected_size - 1] = '\n';
	cr_assert_eq(p->message_len, expected_size);
	cr_assert_arr_eq(p->message, text, expected_size);
}

static void flood(u64 count, u32 size)
{
	expected = 0;
	expected_size = size;
	partition->check = check_flood;
	cr_assert_eq(vmc_hv_flood(partition->hv, 0, count, size), 0);
}

static u64 flood_left(void)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(partition->hv, &stats);
	return stats.flood_left;
}

static void check_echo(struct partition *p)
{
	u32 number;

	cr_assert_eq(p->message_len, sizeof(number));
	memcpy(&number, p->message, sizeof(number));
	cr_assert_eq(number, expected, "out of order");
	expected++;
}

Test(hv_outbound, echoes_keep_their_order)
{
	u32 number = 0;

	partition->check = check_echo;
	while (number < 10000) {
		while (number < 10000 &&
		       partition_count(partition, 0, PARTITION_FREE)) {
			partition_message(partition, 0, 1, &number,
					  sizeof(number));
			number++;
		}
		partition_run(partition);
	}
	cr_expect_eq(expected, 10000);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_outbound, emits_a_message)
{
	static u8 data[4096];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (u8)(i % 251);
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, data, sizeof(data)), 0);
	partition_run(partition);
	cr_expect_eq(partition->message_len, sizeof(data));
	cr_expect_arr_eq(partition->message, data, sizeof(data));
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, data, 0), 0);
	partition_run(partition);
	cr_expect_eq(partition->messages, 2);
	cr_expect_eq(partition->message_len, 0);
}

Test(hv_outbound, emits_in_order_with_any_buffers)
{
	u32 number;

	partition->check = check_echo;
	for (number = 0; number < 1000; number++) {
		cr_assert_eq(vmc_hv_emit(partition->hv, 0, &number,
					 sizeof(number)),
			     0);
		if (number % VMC_HV_EMIT_DEPTH == 5)
			partition_run(partition);
	}
	partition_run(partition);
	cr_expect_eq(expected, 1000);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_outbound, emit_checks_its_arguments)
{
	static u8 data[4097];

	cr_expect_eq(vmc_hv_emit(partition->hv, 2, data, 1), -EINVAL);
	cr_expect_eq(vmc_hv_emit(partition->hv, 1, data, 1), -ENOTCONN);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, data, 4097), -EMSGSIZE);
	for (int i = 0; i < VMC_HV_EMIT_DEPTH; i++)
		cr_expect_eq(vmc_hv_emit(partition->hv, 0, data, 1), 0);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, data, 1), -EBUSY);
	cr_expect_eq(vmc_hv_flood(partition->hv, 2, 1, 1), -EINVAL);
	cr_expect_eq(vmc_hv_flood(partition->hv, 1, 1, 1), -ENOTCONN);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 1, 4097), -EMSGSIZE);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 1, 0), -EINVAL);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 1, 1), 0);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 1, 1), -EBUSY);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 0, 0), 0);
	cr_expect_eq(vmc_hv_flood(partition->hv, 0, 1, 1), 0);
}

Test(hv_outbound, floods_arrive_completely_and_in_order)
{
	static const u32 sizes[] = { 1, 2, 3, 4, 5, 64, 4096 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		flood(1234, sizes[i]);
		partition_run_for(partition, 1000);
		cr_expect_eq(expected, 1234, "size %u", sizes[i]);
		cr_expect_eq(flood_left(), 0);
	}
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_outbound, a_flood_takes_no_time_while_buffers_are_returned)
{
	u64 began = partition->now_ms;

	flood(5000, 16);
	partition_run(partition);
	cr_expect_eq(expected, 5000);
	cr_expect_eq(partition->now_ms, began);
}

Test(hv_outbound, a_flood_works_with_every_pool)
{
	for (u16 pool = 2; pool <= 64; pool++) {
		remake(pool);
		flood(300, 16);
		partition_run(partition);
		cr_expect_eq(expected, 300, "pool %u", pool);
		cr_expect_geq(partition_count(partition, 0, PARTITION_FREE), 1,
			      "pool %u: none left to send with", pool);
		cr_expect_eq(partition_count(partition, 0, PARTITION_FREE) +
				     partition_count(partition, 0,
						     PARTITION_THEIRS),
			     pool, "pool %u: a buffer was lost", pool);
		cr_expect_eq(partition_violations(partition), 0);
	}
}

Test(hv_outbound, removes_no_more_buffers_than_it_can_use)
{
	struct partition *p = partition;

	flood(8, 16);
	partition_run(p);
	partition_forget_log(p);
	flood(1, 16);
	partition_run(p);
	cr_expect_eq(partition_logged(p, VMC_CRQ_MESSAGE, VMC_MSG_REMOVE_BUFFER,
				      NULL),
		     1);
	cr_expect_eq(partition_count(p, 0, PARTITION_FREE), 16);
}

Test(hv_outbound, waits_for_a_reader_and_polls_for_buffers)
{
	unsigned int removes;

	partition->hold = true;
	flood(100, 16);
	partition_run(partition);
	cr_expect_eq(expected, 16, "all buffers are unread messages now");
	cr_expect_eq(flood_left(), 84);

	partition_forget_log(partition);
	partition_run_for(partition, 1000);
	removes = partition_logged(partition, VMC_CRQ_MESSAGE,
				   VMC_MSG_REMOVE_BUFFER, NULL);
	cr_expect_geq(removes, 50);
	cr_expect_leq(removes, 500);

	partition_read_all(partition, 0);
	partition->hold = false;
	partition_run_for(partition, 20);
	cr_expect_eq(expected, 100);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_outbound, retries_as_soon_as_a_buffer_changes)
{
	partition->hold = true;
	flood(16, 16);
	partition_run(partition);
	cr_assert_eq(expected, 16);
	flood(1, 16);
	partition_run(partition);
	cr_assert_eq(expected, 0);

	/*
	 * Two messages are read: one buffer for a message, the other for the
	 * flood.
	 */
	partition->buffers[0][3].state = PARTITION_FREE;
	partition->buffers[0][4].state = PARTITION_FREE;
	partition->check = NULL;
	partition_message(partition, 0, 1, "x", 1);
	partition_run(partition);
	cr_expect_eq(partition->messages, 18);
	cr_expect_eq(flood_left(), 0);
}

Test(hv_outbound, a_flood_can_be_ended)
{
	partition->hold = true;
	flood(100, 16);
	partition_run(partition);
	cr_assert_eq(vmc_hv_flood(partition->hv, 0, 0, 16), 0);
	partition_read_all(partition, 0);
	partition_run_for(partition, 100);
	cr_expect_eq(flood_left(), 0);
	cr_expect_eq(expected, 16);
}

Test(hv_outbound, close_ends_a_flood_and_waiting_messages)
{
	partition->hold = true;
	flood(100, 16);
	partition_run(partition);
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, "x", 1), 0);
	/* Remove Buffers are in progress. */
	partition->now_ms += 10;
	vmc_hv_step(partition->hv, partition->now_ms);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_expect_eq(flood_left(), 0);
	partition->hold = false;
	partition->messages = 0;
	partition_open(partition, 0, 2);
	partition_run_for(partition, 100);
	cr_expect_eq(partition->messages, 0);

	flood(100, 16);
	partition_run(partition);
	cr_expect_eq(expected, 100);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_outbound, an_unneeded_buffer_is_returned)
{
	partition->hold = true;
	flood(20, 16);
	partition_run(partition);
	cr_assert_eq(partition_count(partition, 0, PARTITION_UNREAD), 16);
	partition->now_ms += 10;
	vmc_hv_step(partition->hv, partition->now_ms);
	cr_assert_eq(vmc_hv_flood(partition->hv, 0, 0, 0), 0);
	partition_read_all(partition, 0);
	partition_forget_log(partition);
	partition_run(partition);
	cr_expect_geq(partition_logged(partition, VMC_CRQ_MESSAGE,
				       VMC_MSG_REMOVE_BUFFER, NULL),
		      1);
	cr_expect_eq(partition_count(partition, 0, PARTITION_FREE), 16);
}

static void check_not_empty(struct partition *p)
{
	cr_assert_neq(p->message_len, 0);
}

/* Not even an empty message has to return the buffer. */
Test(hv_outbound, a_flood_ended_at_any_time_leaves_a_buffer_to_send_with)
{
	for (u16 pool = 2; pool <= 9; pool++)
		for (unsigned int entries = 1; entries <= 60; entries++) {
			remake(pool);
			partition->check = check_not_empty;
			vmc_hv_flood(partition->hv, 0, 1000, 16);
			for (unsigned int i = 0; i < entries; i++) {
				vmc_hv_step(partition->hv, partition->now_ms);
				partition_handle(partition);
			}
			vmc_hv_step(partition->hv, partition->now_ms);
			vmc_hv_flood(partition->hv, 0, 0, 0);
			partition_run(partition);
			cr_assert_geq(partition_count(partition, 0,
						      PARTITION_FREE),
				      1, "pool %u, %u entries", pool, entries);
		}
}

Test(hv_outbound, messages_are_echoed_during_a_flood)
{
	u32 number;

	cr_assert_eq(vmc_hv_flood(partition->hv, 0, 100000, 16), 0);
	for (number = 0; number < 1000; number++) {
		vmc_hv_step(partition->hv, partition->now_ms);
		partition_run(partition);
		if (!flood_left())
			break;
		partition_message(partition, 0, 1, "ping", 4);
	}
	partition_run(partition);
	cr_expect_eq(flood_left(), 0);
	cr_expect_eq(partition->messages, 100000 + number);
}

Test(hv_outbound, both_connections_are_served)
{
	struct vmc_hv_stats stats;
	struct vmc_interface signal;
	unsigned int each[2] = { 0, 0 };

	partition_open(partition, 1, 1);
	partition_forget_log(partition);
	cr_assert_eq(vmc_hv_flood(partition->hv, 0, 500, 16), 0);
	cr_assert_eq(vmc_hv_flood(partition->hv, 1, 500, 16), 0);
	partition_run(partition);
	vmc_hv_get_stats(partition->hv, &stats);
	cr_expect_eq(stats.messages_out, 1000);
	for (unsigned int i = 0; i < partition->log_count / 2; i++)
		if (!vmc_interface_decode(&partition->log[i], &signal) &&
		    signal.type == VMC_MSG_SIGNAL)
			each[signal.index]++;
	cr_expect_lt(abs((int)each[0] - (int)each[1]), 20, "%u and %u", each[0],
		     each[1]);
}
