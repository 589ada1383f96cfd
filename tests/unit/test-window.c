// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flow control: at most half of the partner's queue.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/adapter.h"
#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

/* A ready channel to a partner with so many entries, session on index 0. */
static void begin(u16 crq_entries)
{
	struct vmc_capabilities peer = transport_peer;

	peer.crq_entries = crq_entries;
	t = transport_new(NULL);
	transport_ready(t, &peer);
	session = transport_open(t, 0, 16);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(window, .fini = teardown);

static unsigned int send_all(void)
{
	unsigned int sent = 0;

	while (ibmvmc_session_writable(session)) {
		cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
		sent++;
	}
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	return sent;
}

static u64 outstanding(void)
{
	return t->adapter->sent - t->adapter->consumed;
}

Test(window, d66_signals_leave_a_place_for_open_and_close)
{
	begin(16);
	cr_expect_eq(outstanding(), 0, "the open was answered");
	cr_expect_eq(send_all(), 7);
	ibmvmc_session_close(session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	cr_expect_eq(outstanding(), 8);
}

Test(window, d66_a_buffer_that_comes_back_opens_it_up_to_its_signal)
{
	struct vmc_interface third;
	unsigned int i;

	begin(16);
	for (i = 0; i < 3; i++)
		cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
	transport_messages(t, VMC_MSG_SIGNAL, &third);
	cr_expect_eq(send_all(), 4);
	transport_forget(t);
	transport_signal(t, 0, 1, third.buffer_id, 1);
	cr_expect_eq(outstanding(), 4);
	cr_expect(ibmvmc_session_writable(session));
	cr_expect_geq(t->wakes, 2, "for the message and for writing");
}

Test(window, d66_a_buffer_that_never_was_ours_opens_nothing)
{
	begin(16);
	send_all();
	transport_signal(t, 0, 1, 2, 1);
	cr_expect_eq(outstanding(), 7);
	cr_expect_not(ibmvmc_session_writable(session));
}

Test(window, d66_a_lost_message_opens_it_as_well)
{
	struct vmc_interface last;

	begin(16);
	send_all();
	transport_messages(t, VMC_MSG_SIGNAL, &last);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	transport_signal(t, 0, 1, last.buffer_id, 1);
	cr_expect_eq(outstanding(), 0);
}

Test(window, d66_requests_wait_and_responses_do_not)
{
	struct ibmvmc_file_session *other;

	begin(4);
	cr_expect_eq(send_all(), 1);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 1);
	cr_expect_eq(outstanding(), 2);

	/* The window is closed: this one waits, but the answers pass. */
	ibmvmc_session_close(session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 0);
	transport_forget(t);
	transport_add(t, 1, 1, 1, VMC_OWNER_HYPERVISOR);
	cr_expect_eq(transport_messages(t, VMC_MSG_ADD_BUFFER_RESP, NULL), 1);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 0);
	transport_open_resp(t, 1, 1, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	ibmvmc_session_put(other);
}

Test(window, d66_requests_that_wait_go_one_for_one)
{
	struct ibmvmc_config config = transport_config;
	struct vmc_capabilities peer = transport_peer;
	struct ibmvmc_file_session *others[3];
	struct vmc_interface message;
	u8 i;

	config.max_hmcs = 4;
	peer.hmcs = 4;
	peer.crq_entries = 4;
	t = transport_new(&config);
	transport_ready(t, &peer);
	session = transport_open(t, 0, 4);
	for (i = 0; i < 3; i++)
		others[i] = transport_open(t, i + 1, 4);
	transport_forget(t);
	cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
	transport_messages(t, VMC_MSG_SIGNAL, &message);
	for (i = 0; i < 3; i++)
		ibmvmc_session_put(others[i]);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	transport_signal(t, 0, 1, message.buffer_id, 1);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, &message), 2);
	cr_expect_eq(message.index, 2);
	transport_close_resp(t, 1, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, &message), 3);
	cr_expect_eq(message.index, 3);
	cr_expect_eq(outstanding(), 2);
}

Test(window, d66_a_repeated_open_counts_twice_and_its_answer_once)
{
	begin(16);
	ibmvmc_session_put(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 1000),
		     0);
	transport_advance(t, 500);
	cr_expect_eq(outstanding(), 2);
	transport_open_resp(t, 0, 2, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 1, "the second may still be in its queue");
}

Test(window, d66_a_partner_with_the_least_queue_gets_one_at_a_time)
{
	struct vmc_interface signal;
	unsigned int i;

	begin(1);
	for (i = 0; i < 5; i++) {
		cr_expect_eq(send_all(), 1);
		transport_messages(t, VMC_MSG_SIGNAL, &signal);
		transport_signal(t, 0, 1, signal.buffer_id, 1);
		ibmvmc_session_done(session, ibmvmc_session_receive(session));
	}
}

Test(window, a_reset_opens_it)
{
	begin(16);
	send_all();
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(outstanding(), 0);
}
