// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Add Buffer: tests accepted and refused requests and their responses.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	transport_forget(t);
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(add_buffer, .init = setup, .fini = teardown);

/* Expects exactly one response, with these fields. */
static void expect_answer(u8 status, u8 session, u8 index, u16 id)
{
	struct vmc_interface answer;

	cr_expect_eq(t->sent_count, 1);
	cr_assert_eq(transport_messages(t, VMC_MSG_ADD_BUFFER_RESP, &answer),
		     1);
	cr_expect_eq(answer.status, status, "status %u", answer.status);
	cr_expect_eq(answer.session, session);
	cr_expect_eq(answer.index, index);
	cr_expect_eq(answer.buffer_id, id);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], status ? 1 : 0);
	transport_forget(t);
}

static void expect_counts(u8 index, unsigned int valid, unsigned int free)
{
	unsigned int have_valid, have_free;

	ibmvmc_count_hmc_buffers(t->adapter, index, &have_valid, &have_free);
	cr_expect_eq(have_valid, valid);
	cr_expect_eq(have_free, free);
}

Test(add_buffer, an_initial_buffer_is_accepted_without_a_session)
{
	transport_add(t, 1, VMC_SESSION_NONE, 3, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 1, 3);
	expect_counts(1, 1, 1);
	expect_counts(0, 0, 0);
	cr_expect_eq(t->maps, 1);
	cr_expect_eq(t->mapped_bytes, 4096);
}

Test(add_buffer, the_owner_byte_sets_the_first_owner)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_HYPERVISOR);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 0);
	expect_counts(0, 1, 0);
	transport_add(t, 0, 0, 1, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 1);
	expect_counts(0, 2, 1);
}

Test(add_buffer, a_free_connection_accepts_any_session)
{
	transport_add(t, 0, 77, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 77, 0, 0);
}

Test(add_buffer, d29_an_invalid_index_is_refused_in_the_response)
{
	transport_add(t, 2, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_HMC_INDEX, 0, 2, 0);
	transport_add(t, 255, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_HMC_INDEX, 0, 255, 0);
	cr_expect_eq(t->maps, 0);
}

Test(add_buffer, d29_an_invalid_session_is_refused_in_the_response)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	transport_forget(t);
	transport_add(t, 0, 2, 5, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 2, 0, 5);
	/* Session 0 is valid on a connection without a session only. */
	transport_add(t, 0, 0, 5, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 0, 0, 5);
	transport_add(t, 0, 1, 5, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 1, 0, 5);
	expect_counts(0, 5, 4);
	ibmvmc_session_put(session);
}

Test(add_buffer, a_closing_session_gets_no_more_buffers)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	ibmvmc_session_put(session);
	transport_forget(t);
	transport_add(t, 0, 1, 5, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 1, 0, 5);
	/* The next initial buffer may arrive before the Close Response. */
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 0);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	expect_counts(0, 1, 1);
}

Test(add_buffer, d29_a_buffer_of_the_previous_session_is_refused)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	ibmvmc_session_put(session);
	transport_advance(t, 3000);
	transport_forget(t);
	transport_add(t, 0, 1, 1, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 1, 0, 1);
	expect_counts(0, 0, 0);
	transport_add(t, 0, 0, 5, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 5);
	expect_counts(0, 1, 1);
}

Test(add_buffer, d29_a_buffer_for_any_session_replaces_one_with_a_number)
{
	transport_add(t, 0, 77, 3, VMC_OWNER_PARTITION);
	transport_forget(t);
	transport_add(t, 0, 77, 3, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 77, 0, 3);
	transport_add(t, 0, 0, 3, VMC_OWNER_HYPERVISOR);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 3);
	expect_counts(0, 1, 0);
	cr_expect_eq(t->maps, 1);
	/* A buffer for the next session stays. */
	transport_add(t, 0, 77, 3, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 77, 0, 3);
	expect_counts(0, 1, 0);
}

Test(add_buffer, d29_a_session_may_reuse_the_id_of_a_stale_initial_buffer)
{
	struct ibmvmc_file_session *session;

	transport_add(t, 0, 77, 3, VMC_OWNER_PARTITION);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0), 0);
	transport_open_resp(t, 0, 1, 0, VMC_STATUS_SUCCESS);
	transport_forget(t);
	transport_add(t, 0, 1, 3, VMC_OWNER_HYPERVISOR);
	expect_answer(VMC_STATUS_SUCCESS, 1, 0, 3);
	/* The initial buffer of the session itself stays. */
	transport_add(t, 0, 1, 0, VMC_OWNER_HYPERVISOR);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 1, 0, 0);
	ibmvmc_session_put(session);
}

Test(add_buffer, the_buffer_of_a_pending_open_stays)
{
	struct ibmvmc_file_session *session;

	transport_add(t, 0, 77, 3, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0), 0);
	transport_forget(t);
	transport_add(t, 0, 1, 3, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 1, 0, 3);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
}

Test(add_buffer, an_id_out_of_range_is_refused)
{
	transport_add(t, 0, 0, 16, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 0, 0, 16);
	transport_add(t, 0, 0, VMC_BUFFER_NONE, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 0, 0, VMC_BUFFER_NONE);
	transport_add(t, 0, 0, 15, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 15);
}

Test(add_buffer, an_id_in_use_is_refused_and_stays_valid)
{
	struct ibmvmc_buffer *before;

	transport_add(t, 0, 0, 3, VMC_OWNER_PARTITION);
	before = ibmvmc_get_valid_hmc_buffer(t->adapter, 0);
	transport_forget(t);
	transport_add(t, 0, 0, 3, VMC_OWNER_HYPERVISOR);
	expect_answer(VMC_STATUS_INVALID_BUFFER_ID, 0, 0, 3);
	cr_expect_eq(ibmvmc_get_valid_hmc_buffer(t->adapter, 0), before);
	cr_expect_eq(t->maps, 1);
}

Test(add_buffer, d71_an_undefined_owner_is_refused_in_the_response)
{
	unsigned int owner;

	for (owner = 2; owner < 256; owner++) {
		transport_add(t, 0, 0, 4, (u8)owner);
		expect_answer(VMC_STATUS_INTERFACE_FAILURE, 0, 0, 4);
	}
	cr_expect_eq(t->maps, 0);
}

Test(add_buffer, d51_a_shortage_of_memory_is_reported_in_the_response)
{
	transport_fail(t, TRANSPORT_MAP, -ENOMEM, 1);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INTERFACE_FAILURE, 0, 0, 0);
	expect_counts(0, 0, 0);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_SUCCESS, 0, 0, 0);
}

/* Expects a reset after 10 s without an initial buffer. */
static void expect_reset_after_10_s(void)
{
	transport_advance(t, 9999);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_advance(t, 1);
	cr_expect_neq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ENOBUFS);
}

Test(add_buffer, a_permanent_shortage_of_memory_resets_the_channel)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_forget(t);
	transport_fail(t, TRANSPORT_MAP, -ENOMEM, 1);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	expect_answer(VMC_STATUS_INTERFACE_FAILURE, 0, 1, 0);
	expect_reset_after_10_s();
}

/* Fails to allocate a buffer that arrives before the Close Response. */
static void refuse_initial_while_closing(void)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	ibmvmc_session_put(session);
	transport_fail(t, TRANSPORT_MAP, -ENOMEM, 1);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
}

Test(add_buffer, a_shortage_while_closing_leads_to_a_reset_after_it)
{
	refuse_initial_while_closing();
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	expect_reset_after_10_s();
}

Test(add_buffer, a_shortage_while_closing_that_passes_leads_to_no_reset)
{
	struct ibmvmc_file_session *session;

	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	refuse_initial_while_closing();
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	transport_advance(t, 60000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);

	/* The failed allocation does not affect the next session. */
	session = transport_open(t, 0, 4);
	ibmvmc_session_put(session);
	transport_close_resp(t, 0, 2, VMC_STATUS_SUCCESS);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_advance(t, 60000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(add_buffer, a_buffer_of_a_session_without_memory_leads_to_no_reset)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 3);

	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_fail(t, TRANSPORT_MAP, -ENOMEM, 1);
	transport_add(t, 0, 1, 9, VMC_OWNER_PARTITION);
	transport_advance(t, 60000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	ibmvmc_session_put(session);
}

Test(add_buffer, d19_a_full_queue_delays_the_responses_and_keeps_their_order)
{
	struct vmc_interface answer;
	u16 id;

	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	for (id = 0; id < 8; id++)
		transport_add(t, 0, 0, id, VMC_OWNER_PARTITION);
	cr_expect_eq(t->sent_count, 0);
	transport_advance(t, 10);
	cr_assert_eq(t->sent_count, 8);
	for (id = 0; id < 8; id++) {
		cr_assert_eq(vmc_interface_decode(&t->sent[id], &answer), 0);
		cr_expect_eq(answer.buffer_id, id);
	}
}

Test(add_buffer, d19_a_response_that_cannot_be_sent_resets_the_channel)
{
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_eq(t->maps, 0);
}

Test(add_buffer, d15_a_buffer_is_unmapped_with_the_length_it_was_mapped_with)
{
	struct vmc_capabilities other = transport_peer;

	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(t->mapped_bytes, 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	other.mtu = 512;
	transport_capabilities(t, &other);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->mapped_bytes, 512);
	cr_expect_eq(t->unmap_mismatches, 0);
}
