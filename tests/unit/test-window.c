// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flow control: tests that at most half of the partner's queue is used.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

/*
 * A ready channel to a partner with @crq_entries entries, session on index 0.
 */
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
	return t->adapter->window.sent - t->adapter->window.consumed +
	       t->adapter->window.repeated;
}

Test(window, d66_signals_leave_one_entry_for_open_and_close)
{
	begin(16);
	cr_expect_eq(outstanding(), 0,
		     "no request is outstanding after the Open Response");
	cr_expect_eq(send_all(), 7);
	ibmvmc_session_close(session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	cr_expect_eq(outstanding(), 8);
}

Test(window, d66_a_returned_buffer_releases_all_entries_up_to_its_signal)
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
	cr_expect_geq(t->wakes, 2,
		      "the session is woken for the message and for writing");
}

Test(window, d66_a_buffer_that_was_never_ours_releases_no_entry)
{
	begin(16);
	send_all();
	transport_signal(t, 0, 1, 2, 1);
	cr_expect_eq(outstanding(), 7);
	cr_expect_not(ibmvmc_session_writable(session));
}

Test(window, d66_the_signal_of_a_lost_message_releases_entries)
{
	struct vmc_interface last;

	begin(16);
	send_all();
	transport_messages(t, VMC_MSG_SIGNAL, &last);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	transport_signal(t, 0, 1, last.buffer_id, 1);
	cr_expect_eq(outstanding(), 0);
}

/* A ready channel with @hmcs indices to a partner with 16 entries. */
static void begin_many(u8 hmcs, struct ibmvmc_file_session **others)
{
	struct ibmvmc_config config = transport_config;
	struct vmc_capabilities peer = transport_peer;
	u8 i;

	config.max_hmcs = hmcs;
	peer.hmcs = hmcs;
	peer.crq_entries = 16;
	t = transport_new(&config);
	transport_ready(t, &peer);
	session = transport_open(t, 0, 16);
	for (i = 1; i < hmcs; i++)
		others[i - 1] = transport_open(t, i, 4);
	transport_forget(t);
}

Test(window, d66_requests_wait_and_responses_do_not)
{
	struct ibmvmc_file_session *other;

	begin(16);
	cr_expect_eq(send_all(), 7);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 1);
	cr_expect_eq(outstanding(), 8);

	/* The window is closed: the Close is queued, responses are sent. */
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

Test(window, d66_each_released_entry_sends_one_queued_request)
{
	struct ibmvmc_file_session *others[3];
	struct vmc_interface message;
	unsigned int i;

	begin_many(4, others);
	for (i = 0; i < 7; i++)
		cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
	cr_assert_eq(vmc_interface_decode(&t->sent[0], &message), 0);
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

/* Adds the initial buffer of index 0 and opens it with this timeout. */
static void open_again(u32 timeout_ms)
{
	ibmvmc_session_put(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id,
					 timeout_ms),
		     0);
}

Test(window, d66_a_response_releases_the_entries_of_a_repeated_open)
{
	begin(16);
	open_again(1000);
	transport_advance(t, 500);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 2);
	cr_expect_eq(outstanding(), 2);
	transport_open_resp(t, 0, 2, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	cr_expect_eq(t->adapter->window.sent, t->adapter->window.consumed);
	transport_open_resp(t, 0, 2, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
}

Test(window, d66_an_abandoned_open_keeps_its_entries_until_closed)
{
	begin(16);
	open_again(1000);
	transport_advance(t, 1000);
	cr_expect_eq(transport_session(session).error, -ETIMEDOUT);
	cr_expect_eq(outstanding(), 3,
		     "two Opens and one Close are outstanding");
	transport_close_resp(t, 0, 2, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
}

Test(window, d66_a_later_consumed_entry_releases_those_of_a_repeated_open)
{
	struct ibmvmc_file_session *others[1];
	struct vmc_interface signal;

	begin_many(2, others);
	open_again(2000);
	transport_advance(t, 1000);
	cr_expect_eq(outstanding(), 2);
	cr_assert_eq(ibmvmc_session_send(others[0], "x", 1), 0);
	transport_messages(t, VMC_MSG_SIGNAL, &signal);
	transport_signal(t, 1, 1, signal.buffer_id, 1);
	cr_expect_eq(outstanding(), 0);
	transport_open_resp(t, 0, 2, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	ibmvmc_session_put(others[0]);
}

/* Closes all sessions of a partner that takes nothing, then answers. */
Test(window, d66_repeated_closes_leak_no_entries)
{
	struct ibmvmc_file_session *others[7];
	u8 i;

	begin_many(8, others);
	for (i = 0; i < 7; i++)
		ibmvmc_session_put(others[i]);
	transport_advance(t, 2500);
	cr_expect_leq(t->sent_count, 8 + 2,
		      "half of the queue, and one entry per second");
	for (i = 1; i < 8; i++)
		transport_close_resp(t, i, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
	cr_expect_eq(t->adapter->pending.count, 0);
	cr_expect_eq(send_all(), 7);
}

Test(window, d66_an_abandoned_close_keeps_one_entry)
{
	begin(16);
	ibmvmc_session_close(session);
	transport_advance(t, 2500);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 3);
	cr_expect_eq(outstanding(), 3);
	transport_advance(t, 500);
	cr_expect_eq(outstanding(), 1,
		     "the first response releases the earlier places");
}

Test(window, d66_messages_without_a_response_close_it_temporarily)
{
	struct vmc_interface signal;
	unsigned int i;

	begin(16);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(send_all(), 7);
	for (i = 0; i < 3; i++) {
		t->wakes = 0;
		transport_advance(t, 999);
		cr_expect_not(ibmvmc_session_writable(session));
		cr_expect_eq(t->wakes, 0);
		transport_advance(t, 1);
		cr_expect_eq(t->wakes, 1);
		/* One more message is sent, then the window is closed again. */
		transport_signal(t, 0, 1, 2 * (i + 1), 1);
		ibmvmc_session_done(session, ibmvmc_session_receive(session));
		cr_expect_eq(send_all(), 1);
	}
	/* The first response corrects the count. */
	transport_messages(t, VMC_MSG_SIGNAL, &signal);
	transport_signal(t, 0, 1, signal.buffer_id, 1);
	cr_expect_eq(outstanding(), 0);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(window, a_queued_response_uses_no_entry)
{
	begin(16);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->sent_count, 0);
	transport_advance(t, 1000);
	cr_expect_eq(t->sent_count, 1);
	cr_expect_eq(outstanding(), 0);
}

Test(window, repeated_opens_without_a_response_close_it_temporarily)
{
	struct ibmvmc_config config = transport_config;
	struct vmc_capabilities peer = transport_peer;
	struct ibmvmc_file_session *others[8];
	u8 i;

	config.max_hmcs = peer.hmcs = 9;
	peer.crq_entries = 16;
	t = transport_new(&config);
	transport_ready(t, &peer);
	session = transport_open(t, 0, 16);
	transport_forget(t);
	for (i = 0; i < 8; i++) {
		transport_add(t, i + 1, 0, 0, VMC_OWNER_PARTITION);
		others[i] = ibmvmc_session_new(t->adapter, NULL);
		cr_assert_eq(ibmvmc_session_open(others[i], i + 1,
						 transport_hmc_id, 60000),
			     0);
	}
	cr_expect_eq(outstanding(), 8);
	transport_advance(t, 40000);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 16);
	cr_expect_eq(t->adapter->window.consumed, t->adapter->window.sent);
	cr_expect_eq(outstanding(), 6);
	cr_expect(ibmvmc_session_writable(session));
	for (i = 0; i < 8; i++)
		ibmvmc_session_put(others[i]);
}

Test(window, d66_a_signal_without_progress_does_not_restart_the_timeout)
{
	begin(16);
	send_all();
	transport_advance(t, 900);
	transport_signal(t, 0, 1, 2, 1);
	cr_expect_not(ibmvmc_session_writable(session));
	transport_advance(t, 100);
	cr_expect(ibmvmc_session_writable(session),
		  "a Signal without a number does not restart the timeout");
	cr_expect_eq(outstanding(), 6);
}

Test(window, d66_progress_restarts_the_timeout)
{
	struct ibmvmc_file_session *other;
	struct vmc_interface first;

	begin(16);
	send_all();
	cr_assert_eq(vmc_interface_decode(&t->sent[0], &first), 0);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 60000), 0);
	cr_expect_eq(outstanding(), 8);
	transport_advance(t, 900);
	/* The Open uses the entry: the window stays closed, but has progressed. */
	transport_signal(t, 0, 1, first.buffer_id, 1);
	cr_expect_eq(outstanding(), 7);
	transport_advance(t, 999);
	cr_expect_not(ibmvmc_session_writable(session));
	transport_advance(t, 1);
	cr_expect(ibmvmc_session_writable(session));
	ibmvmc_session_put(other);
}

Test(window, d66_an_idle_window_sets_no_timer)
{
	begin(16);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	send_all();
	transport_advance(t, 3600000);
	cr_expect_eq(outstanding(), 6, "one entry stays free");
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(window, d66_a_queued_request_is_sent_after_ibmvmc_window_ms)
{
	struct ibmvmc_file_session *others[2];

	begin_many(3, others);
	send_all();
	ibmvmc_session_put(others[0]);
	ibmvmc_session_put(others[1]);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	transport_advance(t, 1000);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 2);
	cr_expect_eq(t->sent_count, 9);
}

Test(window, d66_the_smallest_queue_has_room_for_messages_open_and_close)
{
	struct ibmvmc_file_session *other;
	struct vmc_interface signal;

	begin(VMC_CRQ_ENTRIES_MIN);
	other = transport_open(t, 1, 4);
	cr_expect_eq(send_all(), 7);
	transport_messages(t, VMC_MSG_SIGNAL, &signal);
	ibmvmc_session_put(other);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	transport_signal(t, 0, 1, signal.buffer_id, 1);
	cr_expect_eq(outstanding(), 1);
	transport_close_resp(t, 1, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(outstanding(), 0);
}

Test(window, a_reset_opens_the_window)
{
	begin(16);
	open_again(1000);
	transport_advance(t, 500);
	cr_expect_eq(outstanding(), 2);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(outstanding(), 0);
	cr_expect_eq(t->adapter->window.deadline, IBMVMC_TIMER_OFF);
}
