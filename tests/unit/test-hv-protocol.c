// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protocol of the hypervisor: tests the handshake, the negotiated values, and
 * the responses of the simulated hypervisor to unexpected entries. The
 * protocol engine is not used.
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

TestSuite(hv_protocol, .init = setup, .fini = teardown);

static struct vmc_capabilities last_capabilities(void)
{
	struct vmc_capabilities caps;

	for (unsigned int i = partition->log_count; i-- > 0;)
		if (!vmc_capabilities_decode(&partition->log[i], &caps))
			return caps;
	cr_assert(false, "no Capabilities Response");
	return caps;
}

static void initialize(void)
{
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	partition_forget_log(partition);
}

static const struct vmc_capabilities usual = {
	.hmcs = 1,
	.pool = 32,
	.mtu = 4096,
	.crq_entries = 256,
	.version = 0x0101,
};

Test(hv_protocol, sends_nothing_before_initialize)
{
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
}

Test(hv_protocol, the_handshake_matches_the_documented_bytes)
{
	static const u64 expected[][2] = {
		{ 0xc002000000000000, 0 },
		/*
		 * two connections, pool 16, MTU 4096, 64 entries, version 1.1
		 */
		{ 0x8081000000020010, 0x0000100000400101 },
		{ 0x8004000000000000, 0x0000000001000000 },
		{ 0x8004000000010000, 0x0000000001040000 },
	};

	partition_bring_up(partition);
	cr_assert_eq(partition->log_count, 4);
	for (int i = 0; i < 4; i++) {
		cr_expect_eq(vmc_crq_word1(&partition->log[i]), expected[i][0],
			     "entry %d", i);
		cr_expect_eq(vmc_crq_word2(&partition->log[i]), expected[i][1],
			     "entry %d", i);
	}
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_protocol, offers_no_more_connections_than_requested)
{
	initialize();
	partition_send_capabilities(partition, &usual);
	partition_run(partition);
	cr_expect_eq(last_capabilities().hmcs, 2);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_ADD_BUFFER, NULL),
		     1);
}

Test(hv_protocol, refuses_another_major_version)
{
	struct vmc_capabilities caps = usual;

	initialize();
	caps.version = 0x0201;
	partition_send_capabilities(partition, &caps);
	partition_run(partition);
	cr_expect_eq(last_capabilities().status, VMC_STATUS_INVALID_VERSION);
	cr_expect_eq(partition->log_count, 1);
	cr_expect_eq(partition_violations(partition), 1);

	caps.version = 0x01ff;
	partition_send_capabilities(partition, &caps);
	partition_run(partition);
	cr_expect_eq(last_capabilities().status, VMC_STATUS_SUCCESS);
}

Test(hv_protocol, refuses_unusable_capabilities)
{
	struct vmc_capabilities caps[3] = { usual, usual, usual };

	caps[0].hmcs = 0;
	caps[1].pool = 1;
	caps[2].mtu = 31;
	initialize();
	for (int i = 0; i < 3; i++) {
		partition_forget_log(partition);
		partition_send_capabilities(partition, &caps[i]);
		partition_run(partition);
		cr_expect_eq(last_capabilities().status,
			     VMC_STATUS_GENERAL_FAILURE);
		cr_expect_eq(partition->log_count, 1);
	}
	cr_expect_eq(partition_violations(partition), 3);
}

Test(hv_protocol, repeated_capabilities_are_answered_without_new_buffers)
{
	u32 lioba;

	partition_bring_up(partition);
	lioba = partition->buffers[0][0].lioba;
	partition_forget_log(partition);
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
	cr_expect_eq(last_capabilities().status, VMC_STATUS_SUCCESS);
	partition_open(partition, 0, 1);
	cr_expect_eq(partition->buffers[0][0].lioba, lioba);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_protocol, repeated_capabilities_repeat_unanswered_buffers)
{
	struct ibmvmc_crq_msg first[3], again[3];

	initialize();
	partition_send_capabilities(partition, NULL);
	vmc_hv_step(partition->hv, partition->now_ms);
	for (int i = 0; i < 3; i++)
		cr_assert(partition_take(partition, &first[i]));
	partition_send_capabilities(partition, NULL);
	vmc_hv_step(partition->hv, partition->now_ms);
	for (int i = 0; i < 3; i++)
		cr_assert(partition_take(partition, &again[i]));
	cr_expect_arr_eq(first, again, sizeof(first));
}

/* The first response was in transit; the second reports an ID in use. */
Test(hv_protocol, repeated_capabilities_in_transit_keep_the_buffers)
{
	initialize();
	partition_send_capabilities(partition, NULL);
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	partition_open(partition, 0, 1);
	partition_open(partition, 1, 1);
	cr_expect_eq(partition_violations(partition), 0);
}

/* Empties the queue; returns the last Add Buffer of index 0. */
static u32 take_adds(void)
{
	struct vmc_interface message;
	struct ibmvmc_crq_msg msg;
	u32 lioba = 0;

	vmc_hv_step(partition->hv, partition->now_ms);
	while (partition_take(partition, &msg))
		if (!vmc_interface_decode(&msg, &message) && !message.index &&
		    message.type == VMC_MSG_ADD_BUFFER)
			lioba = message.word;
	return lioba;
}

/*
 * A repeated request may count as the next one: the address must be the same.
 */
Test(hv_protocol, a_repeated_buffer_outlives_a_close)
{
	struct vmc_interface answer = { .type = VMC_MSG_ADD_BUFFER_RESP };
	struct partition_buffer *buffer = &partition->buffers[0][0];
	u32 lioba;

	initialize();
	partition_send_capabilities(partition, NULL);
	lioba = take_adds();
	partition_send_capabilities(partition, NULL);
	cr_expect_eq(take_adds(), lioba);
	partition_send(partition, &answer);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, true);
	buffer->lioba = lioba;
	partition_ask_open(partition, 0, 1);
	partition_ask_close(partition, 0, 1);
	cr_expect_eq(take_adds(), lioba);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_OPEN, false);
	partition_send(partition, &answer);
	answer.status = VMC_STATUS_INVALID_BUFFER_ID;
	partition_send(partition, &answer);
	*buffer = (struct partition_buffer){ PARTITION_FREE, lioba };
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_protocol, initialize_discards_the_negotiated_state)
{
	partition_open(partition, 0, 1);
	memset(partition->buffers, 0, sizeof(partition->buffers));
	partition_open(partition, 0, 1);
	cr_expect_eq(partition_violations(partition), 0);
}

/* Requests with immediate responses, until the hypervisor accepts no more. */
static unsigned int fill_up(void)
{
	struct vmc_interface close = {
		.type = VMC_MSG_CLOSE,
		.session = 1,
		.index = 9,
	};
	unsigned int sent = 0;

	while (partition_send(partition, &close) == VMC_H_SUCCESS) {
		sent++;
		vmc_hv_step(partition->hv, partition->now_ms);
		cr_assert_lt(sent, 1000,
			     "the hypervisor accepts any number of entries");
	}
	return sent;
}

Test(hv_protocol, responses_that_cannot_be_sent_are_queued)
{
	unsigned int sent;

	partition_bring_up(partition);
	sent = fill_up();
	/* Half of one queue, all of the other, and the entries in between. */
	cr_expect_geq(sent, PARTITION_RING / 2 + 64);
	partition_forget_log(partition);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_CLOSE_RESP, NULL),
		     sent);
}

Test(hv_protocol, initialize_drops_queued_responses)
{
	struct vmc_interface close = { .type = VMC_MSG_CLOSE, .index = 9 };

	partition_bring_up(partition);
	for (int i = 0; i < PARTITION_RING / 2 + 10; i++) {
		partition_send(partition, &close);
		vmc_hv_step(partition->hv, partition->now_ms);
	}
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	vmc_hv_step(partition->hv, partition->now_ms);
	partition_forget_log(partition);
	partition_run(partition);
	cr_expect_eq(partition->log_count, PARTITION_RING / 2 + 1);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_COMPLETE, NULL),
		     1);
}

Test(hv_protocol, crossing_initialize_is_legal)
{
	struct ibmvmc_crq_msg event;

	cr_assert_eq(vmc_hv_transport_event(partition->hv,
					    VMC_EVENT_PARTNER_FAILED),
		     0);
	cr_assert(partition_take(partition, &event));
	vmc_hv_step(partition->hv, partition->now_ms);
	/* Our entry is sent before theirs is seen; both are completed. */
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_send_init(partition, VMC_INIT_COMPLETE);
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_INITIALIZE, NULL),
		     1);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_COMPLETE, NULL),
		     1);
	partition_open(partition, 0, 1);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_protocol, a_message_before_the_handshake_is_a_violation)
{
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1);
	cr_expect_eq(partition->log_count, 0);
}

Test(hv_protocol, an_interface_message_before_capabilities_is_a_violation)
{
	struct vmc_interface open = { .type = VMC_MSG_OPEN, .session = 1 };

	initialize();
	partition_send(partition, &open);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1);
	cr_expect_eq(partition->log_count, 0);
}

Test(hv_protocol, an_index_out_of_range_is_refused)
{
	struct vmc_interface message = { .session = 1, .index = 2 };
	struct vmc_interface answer;

	partition_bring_up(partition);
	partition_forget_log(partition);
	message.type = VMC_MSG_OPEN;
	partition_send(partition, &message);
	partition_run(partition);
	cr_assert_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_OPEN_RESP, &answer),
		     1);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(answer.index, 2);

	message.type = VMC_MSG_CLOSE;
	partition_send(partition, &message);
	partition_run(partition);
	cr_assert_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_CLOSE_RESP, &answer),
		     1);
	cr_expect_eq(answer.status, VMC_STATUS_GENERAL_FAILURE);

	message.type = VMC_MSG_SIGNAL;
	partition_send(partition, &message);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 2);
	cr_expect_eq(partition_violations(partition), 3);
}

Test(hv_protocol, types_only_a_hypervisor_sends_are_violations)
{
	static const u8 types[] = { 0x00, 0x07, 0x04, 0x05, 0x81,
				    0x82, 0x83, 0x86, 0xff };

	partition_open(partition, 0, 1);
	partition_forget_log(partition);
	for (size_t i = 0; i < sizeof(types); i++) {
		struct vmc_interface message = {
			.type = types[i],
			.session = 1,
		};

		partition_send(partition, &message);
		partition_run(partition);
		cr_expect_eq(partition_violations(partition), i + 1,
			     "type %02x", types[i]);
	}
	cr_expect_eq(partition->log_count, 0);
	partition_send_init(partition, 0xff);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), sizeof(types) + 1);
}

static u32 draw(u32 below)
{
	static u32 seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* Random entries must not damage memory or prevent a new start. */
Test(hv_protocol, random_entries_do_not_prevent_a_new_start)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_PARTNER_DEREGISTERED,
				    VMC_EVENT_MIGRATED };
	struct ibmvmc_crq_msg msg;
	struct vmc_interface message;
	u8 data[64] = { 0xde, 0xca, 0xff, 0x20 };

	for (int i = 0; i < 300000; i++) {
		memset(&message, 0, sizeof(message));
		message.type = (u8)(draw(8) | (draw(2) ? 0x80 : 0));
		message.status = (u8)(draw(4) ? 0 : draw(256));
		message.session = (u8)draw(3);
		message.index = (u8)draw(3);
		message.buffer_id = (u16)(draw(8) ? draw(18) : draw(65536));
		message.word = draw(8) ? draw(4097) : draw(1 << 24) << 8;
		partition_send(partition, &message);
		switch (draw(12)) {
		case 0:
			partition_send_capabilities(partition, NULL);
			break;
		case 1:
			vmc_hv_emit(partition->hv, draw(3), data, draw(65));
			break;
		case 2:
			vmc_hv_flood(partition->hv, draw(3), draw(5), draw(65));
			break;
		case 3:
			vmc_hv_copy_in(partition->hv, draw(1 << 20) << 12, data,
				       draw(65));
			break;
		}
		if (draw(500) == 0) {
			partition_send_init(partition,
					    draw(4) ? VMC_INIT_INITIALIZE :
						      VMC_INIT_COMPLETE);
		} else if (draw(3000) == 0) {
			vmc_hv_transport_event(partition->hv, kinds[draw(3)]);
		} else if (draw(100) == 0) {
			vmc_hv_enable_queue(partition->hv);
		}
		partition->now_ms += draw(3);
		if (draw(3))
			vmc_hv_step(partition->hv, partition->now_ms);
		while (draw(3) && partition_take(partition, &msg))
			;
	}
	cr_expect_gt(partition_violations(partition), 1000);

	vmc_hv_free_queue(partition->hv);
	partition_register(partition);
	partition_open(partition, 0, 1);
	partition->messages = 0;
	partition_message(partition, 0, 1, "sane", 4);
	partition_run(partition);
	cr_expect_eq(partition->messages, 1);
}
