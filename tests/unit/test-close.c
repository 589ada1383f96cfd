// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Close: tests Interface Close, its response and its timeouts.
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
	session = transport_open(t, 0, 4);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(close, .init = setup, .fini = teardown);

static unsigned int closes(struct vmc_interface *last)
{
	return transport_messages(t, VMC_MSG_CLOSE, last);
}

/* Opens the same index with timeout 0; returns the result. */
static int reopen(void)
{
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(t->adapter, t);
	return ibmvmc_session_open(session, 0, transport_hmc_id, 0);
}

Test(close, the_session_is_dead_immediately_and_close_is_sent)
{
	struct vmc_interface close;

	ibmvmc_session_close(session);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, 0);
	cr_expect_eq(transport_session(session).index, 0);
	cr_expect_eq(transport_session(session).session, 1);
	cr_expect_eq(t->woken, session);
	cr_assert_eq(closes(&close), 1);
	cr_expect_eq(close.index, 0);
	cr_expect_eq(close.session, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	cr_expect_eq(t->events[IBMVMC_EVENT_SESSION_ENDED], 1);
	ibmvmc_session_close(session);
	cr_expect_eq(closes(NULL), 1, "a second close sends no Close");
}

Test(close, d67_storage_is_released_before_close_is_sent)
{
	ibmvmc_session_close(session);
	cr_expect_str_eq(t->trace, "UUUUS");
	cr_expect_eq(t->maps, 0);
}

Test(close, the_last_reference_closes)
{
	ibmvmc_session_get(session);
	ibmvmc_session_put(session);
	cr_expect_eq(closes(NULL), 0);
	ibmvmc_session_put(session);
	cr_expect_eq(closes(NULL), 1);
	cr_expect_eq(t->wakes, 0, "no session is woken after the last put");
	session = NULL;
}

Test(close, unread_messages_stay_readable)
{
	struct ibmvmc_storage *message;
	u32 len;

	memcpy(t->remote, "last", 4);
	transport_signal(t, 0, 1, 2, 4);
	ibmvmc_session_close(session);
	message = ibmvmc_session_receive(session);
	cr_assert_not_null(message);
	cr_expect_eq(memcmp(ibmvmc_storage_data(message, &len), "last", 4), 0);
	ibmvmc_session_done(session, message);
}

Test(close, d67_signals_while_closing_are_dropped_and_counted)
{
	ibmvmc_session_close(session);
	transport_forget(t);
	transport_signal(t, 0, 1, 2, 4);
	transport_signal(t, 0, 1, 2, 4);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 2);
	cr_expect_eq(t->sent_count, 0);
	cr_expect_eq(transport_session(session).queued, 0);
}

Test(close, d18_the_index_is_free_after_the_response_and_a_new_buffer)
{
	ibmvmc_session_close(session);
	cr_expect_eq(reopen(), -EBUSY);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(reopen(), -ENOBUFS);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), 0);
	cr_expect_eq(transport_session(session).session, 2);
}

Test(close, d18_open_right_after_close_waits_for_both)
{
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(t->adapter, t);
	cr_expect_eq(ibmvmc_session_open(session, -1, transport_hmc_id, 1000),
		     0);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_WAITING);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_WAITING);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_OPENING);
}

Test(close, a_buffer_that_came_before_the_response_serves_the_next_session)
{
	ibmvmc_session_close(session);
	transport_add(t, 0, 0, 9, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), -EBUSY);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(reopen(), 0);
}

Test(close, a_buffer_that_came_before_the_response_serves_a_waiting_session)
{
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(t->adapter, t);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 1000),
		     0);
	transport_add(t, 0, 0, 9, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_WAITING);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_OPENING);
}

Test(close, d39_d18_is_repeated_before_the_index_is_reset)
{
	ibmvmc_session_close(session);
	transport_advance(t, 999);
	cr_expect_eq(closes(NULL), 1);
	transport_advance(t, 1);
	cr_expect_eq(closes(NULL), 2);
	transport_advance(t, 1000);
	cr_expect_eq(closes(NULL), 3);
	transport_advance(t, 1000);
	cr_expect_eq(closes(NULL), 3);
	cr_expect_eq(t->events[IBMVMC_EVENT_TIMEOUT], 3);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(reopen(), -ENOBUFS);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), 0);
}

Test(close, d18_a_timeout_keeps_the_next_initial_buffer)
{
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	ibmvmc_session_close(session);
	transport_add(t, 0, 0, 9, VMC_OWNER_PARTITION);
	transport_advance(t, 3000);
	cr_expect_eq(t->maps, 2);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF,
		     "the timer is off: the index has its initial buffer");
	cr_expect_eq(reopen(), 0);
}

Test(close, d47_a_failure_keeps_the_next_initial_buffer)
{
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	ibmvmc_session_close(session);
	transport_add(t, 0, 0, 9, VMC_OWNER_PARTITION);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	cr_expect_eq(reopen(), 0);
}

Test(close, d18_the_timeout_starts_when_close_is_sent)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1000);
	ibmvmc_session_close(session);
	transport_advance(t, 5000);
	cr_expect_eq(t->events[IBMVMC_EVENT_TIMEOUT], 0);
	transport_fail(t, TRANSPORT_SEND, 0, 0);
	transport_advance(t, 10);
	cr_expect_eq(closes(NULL), 1);
	transport_advance(t, 999);
	cr_expect_eq(closes(NULL), 1);
	transport_advance(t, 1);
	cr_expect_eq(closes(NULL), 2);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), 0);
}

Test(close, d22_a_response_before_the_close_was_sent_is_dropped)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(reopen(), -EBUSY);
	transport_advance(t, 10);
	cr_expect_eq(closes(NULL), 1);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(reopen(), -ENOBUFS);
}

Test(close, d18_the_response_removes_a_queued_repetition)
{
	ibmvmc_session_close(session);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 2);
	transport_advance(t, 1010);
	cr_expect_eq(closes(NULL), 1);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	transport_advance(t, 1000);
	cr_expect_eq(closes(NULL), 1, "the answered Close is not sent again");
}

Test(close, d47_an_index_that_gets_no_buffer_resets_the_channel)
{
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	transport_advance(t, 9999);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	transport_advance(t, 1);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ENOBUFS);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
}

Test(close, d47_a_missing_buffer_resets_the_channel_only_without_sessions)
{
	struct ibmvmc_file_session *other = transport_open(t, 1, 4);

	ibmvmc_session_close(session);
	transport_advance(t, 60000);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(other);
	transport_close_resp(t, 1, 1, VMC_STATUS_SUCCESS);
	transport_advance(t, 10000);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
}

Test(close, d47_a_buffer_in_time_keeps_the_channel)
{
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	transport_advance(t, 5000);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_advance(t, 60000);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	cr_expect_eq(reopen(), 0);
}

Test(close, d47_timeouts_do_not_affect_other_sessions)
{
	struct ibmvmc_config config = transport_config;
	struct vmc_capabilities peer = transport_peer;
	struct ibmvmc_file_session *others[2];

	ibmvmc_session_put(session);
	transport_free(t);
	config.max_hmcs = 3;
	peer.hmcs = 3;
	t = transport_new(&config);
	transport_ready(t, &peer);
	others[0] = transport_open(t, 0, 4);
	others[1] = transport_open(t, 1, 4);
	session = transport_open(t, 2, 4);
	ibmvmc_session_put(others[0]);
	ibmvmc_session_put(others[1]);
	transport_advance(t, 60000);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(close, d18_a_close_that_could_not_be_sent_is_sent_again)
{
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	ibmvmc_session_close(session);
	cr_expect_eq(closes(NULL), 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 1);
	transport_advance(t, 1000);
	cr_expect_eq(closes(NULL), 1);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), 0);
}

Test(close, d18_a_full_queue_delays_close)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 2);
	ibmvmc_session_close(session);
	cr_expect_eq(closes(NULL), 0);
	transport_advance(t, 20);
	cr_expect_eq(closes(NULL), 1);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 0);
}

Test(close, d22_a_stray_response_frees_nothing)
{
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	transport_close_resp(t, 0, 0, VMC_STATUS_SUCCESS);
	transport_close_resp(t, 1, 0, VMC_STATUS_SUCCESS);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	transport_close_resp(t, 77, 1, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 5);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	cr_expect_eq(transport_session(session).buffers, 4);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	/*
	 * A response for another session has no effect while closing, either.
	 */
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 2, VMC_STATUS_SUCCESS);
	cr_expect_eq(reopen(), -EBUSY);
}

Test(close, d47_a_failing_close_resets_its_index_alone)
{
	struct ibmvmc_file_session *other = transport_open(t, 1, 4);

	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_READY);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(reopen(), 0);
	ibmvmc_session_put(other);
}

static void open_and_close(u8 number, u8 status)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_assert_eq(reopen(), 0);
	transport_open_resp(t, 0, number, 0, VMC_STATUS_SUCCESS);
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, number, status);
}

Test(close, d47_the_second_failure_in_a_row_resets_the_channel)
{
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	open_and_close(2, VMC_STATUS_SUCCESS);
	open_and_close(3, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	open_and_close(4, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
}

Test(close, d47_a_reset_clears_the_earlier_failures)
{
	ibmvmc_session_close(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_GENERAL_FAILURE);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	open_and_close(2, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(close, d1_nothing_points_to_a_session_that_was_freed)
{
	ibmvmc_session_put(session);
	session = NULL;
	transport_forget(t);
	/* The address sanitizer reports accesses to the freed session. */
	transport_signal(t, 0, 1, 2, 4);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(t->wakes, 0);
}

Test(close, d17_freeing_an_unopened_session_sends_nothing)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, t);
	ibmvmc_session_close(other);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_DEAD);
	ibmvmc_session_put(other);
	ibmvmc_session_put(NULL);
	cr_expect_eq(closes(NULL), 0);
}

Test(close, d17_a_waiting_session_can_be_closed)
{
	struct ibmvmc_file_session *other;
	u64 before = t->timer_ms;

	other = ibmvmc_session_new(t->adapter, t);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 1000), 0);
	cr_expect_neq(t->timer_ms, before);
	ibmvmc_session_put(other);
	cr_expect_eq(t->timer_ms, before);
	cr_expect_eq(closes(NULL), 0);
}

Test(close, an_opening_session_can_be_closed)
{
	struct ibmvmc_file_session *other;

	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	other = ibmvmc_session_new(t->adapter, t);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	ibmvmc_session_put(other);
	cr_expect_eq(closes(NULL), 1);
	transport_open_resp(t, 1, 1, 0, VMC_STATUS_SUCCESS);
	transport_close_resp(t, 1, 1, VMC_STATUS_SUCCESS);
	transport_advance(t, 10000);
	cr_expect_eq(closes(NULL), 1);
}
