// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypervisor connections: tests open and close of sessions on one HMC index,
 * and the owners of the buffers. The handshake is tested in
 * test-hv-protocol.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
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

TestSuite(hv_connection, .init = setup, .fini = teardown);

static unsigned int logged(u8 type, struct vmc_interface *last)
{
	return partition_logged(partition, VMC_CRQ_MESSAGE, type, last);
}

static void remake(u16 pool)
{
	struct vmc_hv_config config = partition_config;

	config.pool = pool;
	partition_free(partition);
	partition = partition_new(&config);
}

Test(hv_connection, both_sides_get_buffers_of_every_pool)
{
	for (u16 pool = 2; pool <= 64; pool++) {
		remake(pool);
		partition_open(partition, 0, 1);
		cr_expect_eq(partition_count(partition, 0, PARTITION_THEIRS),
			     pool / 2, "pool %u", pool);
		cr_expect_eq(partition_count(partition, 0, PARTITION_FREE),
			     pool - pool / 2, "pool %u", pool);
		cr_expect_eq(partition_violations(partition), 0);
	}
}

Test(hv_connection, the_open_response_waits_for_all_add_buffer_responses)
{
	struct vmc_interface answer = {
		.type = VMC_MSG_ADD_BUFFER_RESP,
		.session = 9,
	};
	struct ibmvmc_crq_msg msg;

	remake(4);
	partition_bring_up(partition);
	partition_ask_open(partition, 0, 9);
	for (u16 id = 1; id < 4; id++) {
		vmc_hv_step(partition->hv, partition->now_ms);
		cr_assert(partition_take(partition, &msg));
		cr_assert_eq(vmc_crq_type(&msg), VMC_MSG_ADD_BUFFER);
		cr_assert_eq(vmc_get_be16(msg.bytes + 6), id);
	}
	cr_expect_not(partition_take(partition, &msg));
	for (answer.buffer_id = 1; answer.buffer_id < 4; answer.buffer_id++) {
		vmc_hv_step(partition->hv, partition->now_ms);
		cr_expect_not(partition_take(partition, &msg));
		partition_send(partition, &answer);
	}
	vmc_hv_step(partition->hv, partition->now_ms);
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(vmc_crq_word1(&msg), 0x8082000009000000);
	cr_expect_eq(vmc_crq_word2(&msg), 0);
}

Test(hv_connection, an_open_fails_if_every_buffer_was_refused)
{
	struct vmc_interface answer;

	partition_bring_up(partition);
	partition->refuse_adds = VMC_STATUS_INTERFACE_FAILURE;
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &answer), 1);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);

	partition->refuse_adds = 0;
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, a_repeated_open_gets_the_same_response)
{
	struct vmc_interface first, again;
	unsigned int adds;

	partition_open(partition, 0, 1);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &first), 1);
	adds = logged(VMC_MSG_ADD_BUFFER, NULL);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &again), 2);
	cr_expect_arr_eq(&first, &again, sizeof(first));
	cr_expect_eq(logged(VMC_MSG_ADD_BUFFER, NULL), adds);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, an_open_repeated_after_a_refusal_is_refused_again)
{
	struct vmc_interface answer;

	partition_bring_up(partition);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, true);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, false);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &answer), 2);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(logged(VMC_MSG_ADD_BUFFER, NULL), 2);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, an_open_repeated_before_its_response_is_ignored)
{
	static const u16 pools[] = { 2, 16, 64 };

	for (int i = 0; i < 3; i++) {
		remake(pools[i]);
		partition_bring_up(partition);
		partition_ask_open(partition, 0, 1);
		vmc_hv_step(partition->hv, partition->now_ms);
		partition_ask_open(partition, 0, 1);
		partition_run(partition);
		cr_expect_eq(logged(VMC_MSG_OPEN_RESP, NULL), 1);
		cr_expect_eq(partition_count(partition, 0, PARTITION_THEIRS),
			     pools[i] / 2);

		partition_message(partition, 0, 1, "x", 1);
		vmc_hv_emit(partition->hv, 0, "y", 1);
		partition_run(partition);
		cr_expect_eq(partition->messages, 2);
		cr_expect_eq(logged(VMC_MSG_REMOVE_BUFFER, NULL), 0,
			     "the hypervisor has a buffer to send with");
		cr_expect_eq(partition_violations(partition), 0);
	}
}

/* One success is sufficient before and after other responses. */
Test(hv_connection, a_buffer_accepted_by_one_response_is_accepted)
{
	static const u8 statuses[] = { VMC_STATUS_INTERFACE_FAILURE,
				       VMC_STATUS_SUCCESS,
				       VMC_STATUS_INVALID_BUFFER_ID };
	struct vmc_interface answer = {
		.type = VMC_MSG_ADD_BUFFER_RESP,
		.session = 1,
		.buffer_id = 1,
	};
	struct ibmvmc_crq_msg msg;

	remake(2);
	partition_bring_up(partition);
	for (int i = 0; i < 3; i++) {
		partition_ask_open(partition, 0, 1);
		vmc_hv_step(partition->hv, partition->now_ms);
		cr_assert(partition_take(partition, &msg));
		cr_assert_eq(vmc_crq_type(&msg), VMC_MSG_ADD_BUFFER);
	}
	for (int i = 0; i < 3; i++) {
		answer.status = statuses[i];
		partition_send(partition, &answer);
		vmc_hv_step(partition->hv, partition->now_ms);
	}
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(vmc_crq_word1(&msg), 0x8082000001000000);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, "x", 1), 0);
	vmc_hv_step(partition->hv, partition->now_ms);
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(vmc_crq_word1(&msg), 0x8006000001000001);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, only_an_open_in_order_is_accepted)
{
	static const struct vmc_interface wrong[] = {
		{ .type = VMC_MSG_OPEN, .session = 0 },
		{ .type = VMC_MSG_OPEN, .session = 1, .buffer_id = 1 },
		{ .type = VMC_MSG_OPEN, .session = 1, .buffer_id = 16 },
		{ .type = VMC_MSG_OPEN, .session = 1, .buffer_id = 0xffff },
	};
	struct vmc_interface answer;
	struct vmc_interface second = { .type = VMC_MSG_OPEN, .session = 2 };

	partition_bring_up(partition);
	for (unsigned int i = 0; i < 4; i++) {
		partition_send(partition, &wrong[i]);
		partition_run(partition);
		cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &answer), i + 1);
		cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
		cr_expect_eq(answer.session, wrong[i].session);
		cr_expect_eq(answer.buffer_id, wrong[i].buffer_id);
		cr_expect_eq(partition_violations(partition), i + 1);
	}
	partition_open(partition, 0, 1);
	partition_send(partition, &second);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &answer), 6);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(partition_violations(partition), 5);
}

Test(hv_connection, close_clears_the_session_and_adds_a_new_initial_buffer)
{
	struct vmc_interface answer, add;

	partition_open(partition, 0, 1);
	partition_forget_log(partition);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 2);
	cr_assert_eq(logged(VMC_MSG_CLOSE_RESP, &answer), 1);
	cr_expect_eq(vmc_crq_type(&partition->log[0]), VMC_MSG_CLOSE_RESP);
	cr_expect_eq(answer.status, VMC_STATUS_SUCCESS);
	cr_expect_eq(answer.session, 1);
	cr_assert_eq(logged(VMC_MSG_ADD_BUFFER, &add), 1);
	cr_expect_eq(add.session, VMC_SESSION_NONE);
	cr_expect_eq(add.owner, VMC_OWNER_PARTITION);
	cr_expect_eq(add.buffer_id, 0);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, a_repeated_close_is_answered_without_a_buffer)
{
	struct vmc_interface close = { .type = VMC_MSG_CLOSE, .session = 1 };
	struct vmc_interface answer;

	partition_open(partition, 0, 1);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	partition_forget_log(partition);
	partition_send(partition, &close);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
	cr_assert_eq(logged(VMC_MSG_CLOSE_RESP, &answer), 1);
	cr_expect_eq(answer.status, VMC_STATUS_SUCCESS);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, a_close_of_another_session_is_refused)
{
	static const u8 sessions[] = { 0, 2 };
	struct vmc_interface close = { .type = VMC_MSG_CLOSE };
	struct vmc_interface answer;

	partition_open(partition, 0, 1);
	for (unsigned int i = 0; i < 2; i++) {
		close.session = sessions[i];
		partition_send(partition, &close);
		partition_run(partition);
		cr_assert_eq(logged(VMC_MSG_CLOSE_RESP, &answer), i + 1);
		cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
	}
	cr_expect_eq(partition_violations(partition), 2);
	partition_message(partition, 0, 1, "x", 1);
	partition_run(partition);
	cr_expect_eq(partition->messages, 1, "the session stays open");
}

Test(hv_connection, a_close_ends_a_pending_open)
{
	static const u16 pools[] = { 2, 16, 64 };

	for (int i = 0; i < 3; i++) {
		remake(pools[i]);
		partition_bring_up(partition);
		partition_ask_open(partition, 0, 1);
		vmc_hv_step(partition->hv, partition->now_ms);
		partition_ask_close(partition, 0, 1);
		partition_run(partition);
		cr_expect_eq(logged(VMC_MSG_OPEN_RESP, NULL), 0);
		cr_expect_eq(logged(VMC_MSG_CLOSE_RESP, NULL), 1);
		cr_expect_eq(
			partition_violations(partition), 0,
			"responses to entries in transit are no violation");
	}
}

Test(hv_connection, after_a_close_only_entries_of_its_session_may_be_late)
{
	struct vmc_interface late = {
		.type = VMC_MSG_ADD_BUFFER_RESP,
		.session = 1,
		.buffer_id = 5,
	};

	partition_open(partition, 0, 1);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	partition_send(partition, &late);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 0);
	late.session = 2;
	partition_send(partition, &late);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1);
}

Test(hv_connection, a_response_for_another_session_is_a_violation)
{
	struct vmc_interface answer = {
		.type = VMC_MSG_ADD_BUFFER_RESP,
		.session = 2,
		.buffer_id = 1,
	};

	remake(2);
	partition_bring_up(partition);
	partition_ask_open(partition, 0, 1);
	vmc_hv_step(partition->hv, partition->now_ms);
	partition_send(partition, &answer);
	vmc_hv_step(partition->hv, partition->now_ms);
	cr_expect_eq(partition_violations(partition), 1);
	partition_run(partition);
	cr_expect_eq(logged(VMC_MSG_OPEN_RESP, NULL), 1);
	cr_expect_eq(partition_violations(partition), 1);
}

Test(hv_connection, a_refused_open_leaves_the_initial_buffer)
{
	struct vmc_interface answer;

	partition_bring_up(partition);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, true);
	partition_forget_log(partition);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
	cr_assert_eq(logged(VMC_MSG_OPEN_RESP, &answer), 1);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, "x", 1), -ENOTCONN);

	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, false);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, a_refused_session_may_be_closed)
{
	struct vmc_interface answer;

	partition_bring_up(partition);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, true);
	partition_ask_open(partition, 0, 1);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_CLOSE_RESP, &answer), 1);
	cr_expect_eq(answer.status, VMC_STATUS_SUCCESS);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, false);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_connection, a_message_is_echoed_in_its_buffer)
{
	struct vmc_interface signal;

	partition_open(partition, 0, 1);
	partition_message(partition, 0, 1, "hello", 5);
	partition_run(partition);
	cr_assert_eq(logged(VMC_MSG_SIGNAL, &signal), 1);
	cr_expect_eq(signal.buffer_id, 0);
	cr_expect_eq(signal.session, 1);
	cr_expect_eq(signal.word, 5);
	cr_expect_arr_eq(partition->message, "hello", 5);
}

Test(hv_connection, an_empty_message_is_echoed_empty)
{
	partition_open(partition, 0, 1);
	partition_message(partition, 0, 1, "", 0);
	partition_run(partition);
	cr_expect_eq(partition->messages, 1);
	cr_expect_eq(partition->message_len, 0);
}

Test(hv_connection, only_a_signal_in_order_is_accepted)
{
	static const struct vmc_interface wrong[] = {
		{ .type = VMC_MSG_SIGNAL, .session = 2, .word = 4 },
		{ .type = VMC_MSG_SIGNAL, .session = 0, .word = 4 },
		/*
		 * owned by the partition, unknown, and on an index that is not
		 * open
		 */
		{ .type = VMC_MSG_SIGNAL, .session = 1, .buffer_id = 1 },
		{ .type = VMC_MSG_SIGNAL, .session = 1, .buffer_id = 16 },
		{ .type = VMC_MSG_SIGNAL, .session = 1, .index = 1 },
	};

	partition_open(partition, 0, 1);
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		partition_send(partition, &wrong[i]);
		partition_run(partition);
		cr_expect_eq(partition_violations(partition), i + 1);
	}
	cr_expect_eq(partition->messages, 0);
}

Test(hv_connection, a_message_that_is_too_long_is_not_echoed)
{
	struct vmc_interface signal = {
		.type = VMC_MSG_SIGNAL,
		.session = 1,
		.word = 4097,
	};

	partition_open(partition, 0, 1);
	partition->buffers[0][0].state = PARTITION_THEIRS;
	partition_send(partition, &signal);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1);
	cr_expect_eq(partition->messages, 0);
	/* The hypervisor owns this buffer since the first Signal. */
	partition_send(partition, &signal);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 2);
}

Test(hv_connection, unrequested_responses_are_violations)
{
	static const struct vmc_interface wrong[] = {
		{ .type = VMC_MSG_ADD_BUFFER_RESP,
		  .session = 1,
		  .buffer_id = 3 },
		{ .type = VMC_MSG_ADD_BUFFER_RESP,
		  .session = 1,
		  .buffer_id = 99 },
		{ .type = VMC_MSG_REMOVE_BUFFER_RESP, .session = 1 },
	};

	partition_open(partition, 0, 1);
	for (unsigned int i = 0; i < 3; i++) {
		partition_send(partition, &wrong[i]);
		partition_run(partition);
		cr_expect_eq(partition_violations(partition), i + 1);
	}
}

Test(hv_connection, sessions_of_two_indices_are_independent)
{
	partition_open(partition, 0, 1);
	partition_open(partition, 1, 1);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	partition_message(partition, 1, 1, "still here", 10);
	partition_run(partition);
	cr_expect_eq(partition->messages, 1);
	cr_expect_arr_eq(partition->message, "still here", 10);
	cr_expect_eq(partition_violations(partition), 0);
}
