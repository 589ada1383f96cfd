// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Remove Buffer: tests which buffers are removed and which stay.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	/* Owned by the partition: 0, 1, 3, 5. */
	session = transport_open(t, 0, 6);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(rem_buffer, .init = setup, .fini = teardown);

static u16 expect_answer(u8 status, u8 number, u8 index)
{
	struct vmc_interface answer;

	cr_expect_eq(t->sent_count, 1);
	cr_assert_eq(transport_messages(t, VMC_MSG_REMOVE_BUFFER_RESP, &answer),
		     1);
	cr_expect_eq(answer.status, status, "status %u", answer.status);
	cr_expect_eq(answer.session, number);
	cr_expect_eq(answer.index, index);
	if (status)
		cr_expect_eq(answer.buffer_id, VMC_BUFFER_NONE);
	transport_forget(t);
	return answer.buffer_id;
}

Test(rem_buffer, d31_removes_free_buffers_except_the_last)
{
	bool given[16] = { false };
	unsigned int i;
	u16 id;

	for (i = 0; i < 3; i++) {
		transport_remove(t, 0, 1);
		id = expect_answer(VMC_STATUS_SUCCESS, 1, 0);
		cr_assert(id == 0 || (id < 6 && id % 2));
		cr_expect_not(given[id]);
		given[id] = true;
	}
	transport_remove(t, 0, 1);
	expect_answer(VMC_STATUS_NO_BUFFER, 1, 0);
	cr_expect_eq(transport_session(session).buffers, 3);
	cr_expect_eq(transport_session(session).buffers_free, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), 0);
}

Test(rem_buffer, the_storage_is_released_before_the_response)
{
	transport_remove(t, 0, 1);
	cr_expect_str_eq(t->trace, "USI");
}

Test(rem_buffer, d12_buffers_in_use_are_kept)
{
	struct ibmvmc_storage *message;

	/* One message is read, one is unread, all our buffers are sent. */
	transport_signal(t, 0, 1, 2, 4);
	transport_signal(t, 0, 1, 4, 4);
	message = ibmvmc_session_receive(session);
	while (ibmvmc_session_writable(session))
		cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
	transport_forget(t);
	transport_remove(t, 0, 1);
	expect_answer(VMC_STATUS_NO_BUFFER, 1, 0);
	ibmvmc_session_done(session, message);
	transport_remove(t, 0, 1);
	expect_answer(VMC_STATUS_NO_BUFFER, 1, 0);
	message = ibmvmc_session_receive(session);
	ibmvmc_session_done(session, message);
	transport_remove(t, 0, 1);
	cr_expect_eq(expect_answer(VMC_STATUS_SUCCESS, 1, 0), 4);
}

Test(rem_buffer, d31_a_buffer_with_an_unread_message_does_not_count_as_free)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		transport_remove(t, 0, 1);
	transport_signal(t, 0, 1, 2, 5);
	transport_forget(t);
	transport_remove(t, 0, 1);
	expect_answer(VMC_STATUS_NO_BUFFER, 1, 0);
	cr_expect_eq(transport_session(session).buffers_free, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), 0);
}

Test(rem_buffer, d31_the_initial_buffer_of_a_free_connection_is_kept)
{
	struct ibmvmc_file_session *other;

	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 1, 0, 1, VMC_OWNER_HYPERVISOR);
	transport_forget(t);
	transport_remove(t, 1, 0);
	expect_answer(VMC_STATUS_NO_BUFFER, 0, 1);
	other = ibmvmc_session_new(t->adapter, NULL);
	cr_expect_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	ibmvmc_session_put(other);
}

Test(rem_buffer, the_initial_buffer_of_a_free_connection_is_removed_last)
{
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 1, 0, 1, VMC_OWNER_PARTITION);
	transport_forget(t);
	transport_remove(t, 1, 0);
	cr_expect_eq(expect_answer(VMC_STATUS_SUCCESS, 0, 1), 1);
}

Test(rem_buffer, an_index_without_buffers_returns_no_buffer)
{
	transport_remove(t, 1, 0);
	expect_answer(VMC_STATUS_NO_BUFFER, 0, 1);
}

Test(rem_buffer, d29_an_invalid_index_is_refused_in_the_response)
{
	transport_remove(t, 2, 0);
	expect_answer(VMC_STATUS_INVALID_HMC_INDEX, 0, 2);
}

Test(rem_buffer, d29_an_invalid_session_is_refused_in_the_response)
{
	transport_remove(t, 0, 2);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 2, 0);
	transport_remove(t, 0, 0);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 0, 0);
	transport_remove(t, 1, 77);
	expect_answer(VMC_STATUS_CONNECTION_CLOSED, 77, 1);
	cr_expect_eq(transport_session(session).buffers, 6);
}

Test(rem_buffer, a_removed_buffer_cannot_be_signalled)
{
	transport_remove(t, 0, 1);
	expect_answer(VMC_STATUS_SUCCESS, 1, 0);
	transport_signal(t, 0, 1, 5, 4);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(transport_session(session).queued, 0);
	/* The buffer can be added again. */
	transport_add(t, 0, 1, 5, VMC_OWNER_HYPERVISOR);
	transport_signal(t, 0, 1, 5, 4);
	cr_expect_eq(transport_session(session).queued, 1);
}
