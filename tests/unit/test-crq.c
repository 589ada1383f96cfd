// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CRQ entries: tests their encoding (vmc/crq.h) and their dispatch
 * (engine/run.c).
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "transport.h"

Test(crq, words_are_the_big_endian_halves)
{
	struct ibmvmc_crq_msg msg;
	int i;

	for (i = 0; i < VMC_CRQ_ENTRY_LEN; i++)
		msg.bytes[i] = (u8)(i * 0x11);
	cr_expect_eq(vmc_crq_word1(&msg), 0x0011223344556677);
	cr_expect_eq(vmc_crq_word2(&msg), 0x8899aabbccddeeff);
	cr_expect_eq(vmc_crq_header(&msg), 0x00);
	cr_expect_eq(vmc_crq_type(&msg), 0x11);
}

Test(crq, words_are_decoded_to_the_same_entry)
{
	struct ibmvmc_crq_msg msg;
	int i;

	vmc_crq_from_words(&msg, 0x0011223344556677, 0x8899aabbccddeeff);
	for (i = 0; i < VMC_CRQ_ENTRY_LEN; i++)
		cr_expect_eq(msg.bytes[i], i * 0x11, "byte %d", i);
}

Test(crq, control_entries_match_the_vectors)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(vmc_crq_word1(&msg), 0xc001000000000000);
	cr_expect_eq(vmc_crq_word2(&msg), 0);
	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(vmc_crq_word1(&msg), 0xc002000000000000);
	vmc_crq_control(&msg, VMC_CRQ_TRANSPORT,
			VMC_EVENT_PARTNER_DEREGISTERED);
	cr_expect_eq(vmc_crq_word1(&msg), 0xff02000000000000);
}

Test(crq, big_endian_numbers_have_no_sign)
{
	u8 bytes[8] = { 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8 };

	cr_expect_eq(vmc_get_be16(bytes), 0xfffe);
	cr_expect_eq(vmc_get_be32(bytes), 0xfffefdfc);
	cr_expect_eq(vmc_get_be64(bytes), 0xfffefdfcfbfaf9f8);
	vmc_put_be64(bytes, 0x8000000000000001);
	cr_expect_eq(vmc_get_be64(bytes), 0x8000000000000001);
}

Test(crq, a_reserved_header_is_dropped)
{
	struct transport *t = transport_new(NULL);
	unsigned int header;

	transport_ready(t, NULL);
	for (header = 0x81; header < 0xff; header++) {
		if (header == VMC_CRQ_INIT)
			continue;
		transport_forget(t);
		transport_control(t, (u8)header, 1);
		cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
		cr_expect_eq(t->sent_count, 0);
	}
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(crq, a_message_of_the_wrong_direction_is_dropped)
{
	static const u8 types[] = { 0x00,
				    VMC_MSG_CAPABILITIES,
				    VMC_MSG_OPEN,
				    VMC_MSG_CLOSE,
				    0x07,
				    0x80,
				    VMC_MSG_ADD_BUFFER_RESP,
				    VMC_MSG_REMOVE_BUFFER_RESP,
				    0x86,
				    0xff };
	struct transport *t = transport_new(NULL);
	unsigned int i;

	transport_ready(t, NULL);
	transport_forget(t);
	for (i = 0; i < sizeof(types); i++)
		transport_control(t, VMC_CRQ_MESSAGE, types[i]);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], sizeof(types));
	cr_expect_eq(t->sent_count, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

/* Ready without an Initialize of the partner, after one interface entry. */
static struct transport *up_for_an_hour(void)
{
	struct transport *t = transport_new(NULL);

	transport_ready(t, NULL);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_advance(t, 3600000);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_forget(t);
	return t;
}

Test(crq, d38_an_initialize_after_an_interface_message_is_a_restart)
{
	struct transport *t = up_for_an_hour();
	struct ibmvmc_info info;

	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE), 1);
	cr_expect_eq(transport_messages(t, VMC_MSG_CAPABILITIES, NULL), 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	cr_expect_eq(t->maps, 0);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.resets, 1);
	transport_free(t);
}

Test(crq, d70_messages_before_the_capabilities_are_dropped)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_forget(t);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_remove(t, 0, 0);
	transport_signal(t, 0, 1, 0, 1);
	transport_open_resp(t, 0, 1, 0, 0);
	transport_close_resp(t, 0, 1, 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 6);
	cr_expect_eq(t->maps, 0);
	cr_expect_eq(transport_messages(t, VMC_MSG_ADD_BUFFER_RESP, NULL), 0);
	transport_free(t);
}

Test(crq, d36_an_entry_without_an_interrupt_is_found_at_enabling)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;

	transport_ready(t, NULL);
	vmc_crq_control(&msg, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &msg);
	t->interrupts = false;
	cr_expect_not(ibmvmc_service(t->adapter, 8));
	cr_expect(t->interrupts);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(crq, d36_an_entry_that_arrives_while_interrupts_are_enabled_is_found)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;

	transport_ready(t, NULL);
	transport_forget(t);
	vmc_crq_control(&msg, VMC_CRQ_MESSAGE, 0x7f);
	t->at_enabling = &msg;
	cr_expect_not(ibmvmc_service(t->adapter, 8));
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 1);
	cr_expect_str_eq(t->trace, "IiI");
	transport_free(t);
}

Test(crq, entries_after_one_that_breaks_the_channel_are_dropped)
{
	struct transport *t = transport_new(NULL);
	struct vmc_interface add = { .type = VMC_MSG_ADD_BUFFER };
	struct ibmvmc_crq_msg msg;

	transport_ready(t, NULL);
	transport_forget(t);
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	vmc_interface_encode(&msg, &add);
	transport_push(t, &msg);
	add.index = 1;
	vmc_interface_encode(&msg, &add);
	transport_push(t, &msg);
	transport_service(t);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_ENTRY_DROPPED].error, -ECONNRESET);
	transport_free(t);
}

Test(crq, service_keeps_to_its_budget)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;
	unsigned int i;

	transport_ready(t, NULL);
	transport_forget(t);
	vmc_crq_control(&msg, VMC_CRQ_MESSAGE, 0x7f);
	for (i = 0; i < 10; i++)
		transport_push(t, &msg);
	cr_expect(ibmvmc_service(t->adapter, 4));
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 4);
	cr_expect(ibmvmc_service(t->adapter, 4));
	cr_expect(ibmvmc_service(t->adapter, 0));
	cr_expect_not(ibmvmc_service(t->adapter, 4));
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 10);
	transport_free(t);
}

Test(crq, resume_drains_the_queue)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;

	ibmvmc_resume(t->adapter);
	transport_ready(t, NULL);
	transport_forget(t);
	vmc_crq_control(&msg, VMC_CRQ_MESSAGE, 0x7f);
	transport_push(t, &msg);
	t->interrupts = false;
	ibmvmc_resume(t->adapter);
	cr_expect(t->interrupts);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 1);
	transport_free(t);
}

Test(crq, the_queue_is_not_read_before_a_start)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_push(t, &msg);
	cr_expect_not(ibmvmc_service(t->adapter, 8));
	ibmvmc_timer(t->adapter);
	cr_expect_eq(t->trace_len, 0);
	transport_free(t);
}
