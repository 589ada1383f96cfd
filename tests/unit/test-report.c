// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports: each event carries the index, the value and the error that event.h
 * names for its type. Other tests check whether an event occurs.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	session = transport_open(t, 1, 4);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(report, .init = setup, .fini = teardown);

static void expect(enum ibmvmc_event_type type, int index, u32 value, int error)
{
	const struct ibmvmc_event *event = &t->last[type];

	cr_assert_eq(t->events[type], 1, "%u events of type %d",
		     t->events[type], type);
	cr_expect_eq(event->type, type);
	cr_expect_eq(event->index, index, "index %d", event->index);
	cr_expect_eq(event->value, value, "value %u", event->value);
	cr_expect_eq(event->error, error, "error %d", event->error);
}

Test(report, a_received_entry_has_its_index)
{
	transport_signal(t, 1, 1, 2, 5);
	expect(IBMVMC_EVENT_ENTRY_RECEIVED, 1, 0, 0);
}

Test(report, a_sent_entry_has_its_index)
{
	cr_assert_eq(ibmvmc_session_send(session, "there", 5), 0);
	expect(IBMVMC_EVENT_ENTRY_SENT, 1, 0, 0);
}

Test(report, a_dropped_entry_has_its_index_and_the_reason)
{
	transport_signal(t, 1, 1, 15, 5);
	expect(IBMVMC_EVENT_ENTRY_DROPPED, 1, 0, -EINVAL);
}

/* An entry without an index is dropped for a reason. */
static void expect_dropped(u8 header, u8 type, int error)
{
	transport_forget(t);
	transport_control(t, header, type);
	expect(IBMVMC_EVENT_ENTRY_DROPPED, -1, 0, error);
}

Test(report, a_dropped_entry_has_the_reason_in_each_state)
{
	expect_dropped(0x81, 1, -EBADMSG);
	expect_dropped(VMC_CRQ_INIT, 99, -EBADMSG);
	expect_dropped(VMC_CRQ_MESSAGE, 99, -EBADMSG);
	expect_dropped(VMC_CRQ_MESSAGE, VMC_MSG_CAPABILITIES_RESP, -EPROTO);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	expect_dropped(VMC_CRQ_MESSAGE, 99, -ENOTCONN);
	ibmvmc_restart(t->adapter);
	expect_dropped(VMC_CRQ_MESSAGE, 99, -ECONNRESET);
}

Test(report, an_undefined_owner_byte_leaves_the_index_readable)
{
	struct ibmvmc_crq_msg msg;
	struct vmc_interface message = {
		.type = VMC_MSG_ADD_BUFFER,
		.session = 1,
		.index = 1,
		.buffer_id = 7,
	};

	vmc_interface_encode(&msg, &message);
	msg.bytes[3] = VMC_OWNER_HYPERVISOR + 1;
	transport_deliver(t, &msg);
	expect(IBMVMC_EVENT_ENTRY_DROPPED, 1, 0, -EPROTO);
}

Test(report, an_entry_of_the_whole_channel_has_no_index)
{
	transport_control(t, VMC_CRQ_INIT, 99);
	expect(IBMVMC_EVENT_ENTRY_RECEIVED, -1, 0, 0);
	expect(IBMVMC_EVENT_ENTRY_DROPPED, -1, 0, -EBADMSG);
}

Test(report, an_entry_that_is_not_sent_has_its_index_and_the_reason)
{
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	cr_assert_eq(ibmvmc_session_send(session, "there", 5), -EIO);
	expect(IBMVMC_EVENT_SEND_FAILED, 1, 0, -EIO);
}

Test(report, a_transport_event_has_its_kind)
{
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	expect(IBMVMC_EVENT_TRANSPORT, -1, VMC_EVENT_PARTNER_FAILED, 0);
	expect(IBMVMC_EVENT_STATE, -1, IBMVMC_STATE_CRQINIT, 0);
	expect(IBMVMC_EVENT_SESSION_ENDED, 1, 1, -ECONNRESET);
}

Test(report, a_reset_by_the_user_has_no_error)
{
	ibmvmc_restart(t->adapter);
	expect(IBMVMC_EVENT_RESET, -1, 0, 0);
}

Test(report, a_session_has_its_number)
{
	struct ibmvmc_file_session *other;

	other = transport_open(t, 0, 4);
	expect(IBMVMC_EVENT_SESSION_READY, 0, 1, 0);
	ibmvmc_session_close(other);
	expect(IBMVMC_EVENT_SESSION_ENDED, 0, 1, 0);
	ibmvmc_session_put(other);
}

Test(report, a_session_without_an_index_reports_no_end)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	ibmvmc_session_put(other);
	cr_expect_eq(t->events[IBMVMC_EVENT_SESSION_ENDED], 0);
}

Test(report, a_lost_message_has_its_length_and_the_reason)
{
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	transport_signal(t, 1, 1, 2, 5);
	expect(IBMVMC_EVENT_MESSAGE_LOST, 1, 5, -EIO);
}

Test(report, a_missing_open_response_has_its_index)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_assert_eq(ibmvmc_session_open(other, 0, transport_hmc_id, 1000), 0);
	transport_advance(t, 500);
	expect(IBMVMC_EVENT_TIMEOUT, 0, VMC_MSG_OPEN, -ETIMEDOUT);
	ibmvmc_session_put(other);
}

Test(report, a_missing_close_response_has_its_index)
{
	ibmvmc_session_close(session);
	transport_advance(t, 1000);
	expect(IBMVMC_EVENT_TIMEOUT, 1, VMC_MSG_CLOSE, -ETIMEDOUT);
}

Test(report, a_missing_initialize_response_has_no_index)
{
	ibmvmc_restart(t->adapter);
	transport_advance(t, 0);
	transport_advance(t, 1000);
	expect(IBMVMC_EVENT_TIMEOUT, -1, VMC_CRQ_INIT, -ETIMEDOUT);
}

Test(report, a_missing_capabilities_response_has_no_index)
{
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_advance(t, 1000);
	expect(IBMVMC_EVENT_TIMEOUT, -1, VMC_MSG_CAPABILITIES, -ETIMEDOUT);
}

Test(report, the_first_buffer_of_the_channel_has_its_index)
{
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	expect(IBMVMC_EVENT_USABLE, 1, 0, 0);
}
