// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending: tests which entries are queued, in which order and for how long.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	session = transport_open(t, 0, 6);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(send, .init = setup, .fini = teardown);

static u8 type_sent(unsigned int at)
{
	cr_assert_lt(at, t->sent_count);
	return vmc_crq_type(&t->sent[at]);
}

Test(send, d19_queued_entries_are_sent_in_order)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	transport_remove(t, 0, 1);
	ibmvmc_session_close(other);
	cr_expect_eq(t->sent_count, 0);
	cr_expect_eq(t->timer_ms, 10);
	transport_advance(t, 10);
	cr_assert_eq(t->sent_count, 4);
	cr_expect_eq(type_sent(0), VMC_MSG_ADD_BUFFER_RESP);
	cr_expect_eq(type_sent(1), VMC_MSG_OPEN);
	cr_expect_eq(type_sent(2), VMC_MSG_REMOVE_BUFFER_RESP);
	cr_expect_eq(type_sent(3), VMC_MSG_CLOSE);
	ibmvmc_session_put(other);
}

Test(send, a_full_queue_keeps_the_remaining_entries_queued)
{
	u16 id;

	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	for (id = 6; id < 12; id++)
		transport_add(t, 0, 1, id, VMC_OWNER_PARTITION);
	/* Two entries are sent, then the queue is full again. */
	t->send_limit = 2;
	transport_advance(t, 10);
	cr_expect_eq(t->sent_count, 2);
	t->send_limit = 0;
	transport_advance(t, 10);
	cr_expect_eq(t->sent_count, 6);
	for (id = 6; id < 12; id++)
		cr_expect_eq(t->sent[id - 6].bytes[7], id);
}

Test(send, a_signal_does_not_overtake_queued_entries)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	transport_forget(t);
	transport_advance(t, 10);
	cr_expect_eq(t->sent_count, 1);
	cr_expect_eq(t->wakes, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), 0);
}

Test(send, a_signal_detects_a_full_queue)
{
	struct ibmvmc_crq_msg msg;
	u64 number = 7;

	vmc_crq_control(&msg, VMC_CRQ_MESSAGE, VMC_MSG_SIGNAL);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	cr_expect_eq(ibmvmc_send_signal(t->adapter, &msg, &number), -EBUSY);
	cr_expect_eq(ibmvmc_send_signal(t->adapter, &msg, &number), -EBUSY);
	cr_expect_eq(t->trace_len, 1, "a congested queue is not tried again");
	cr_expect_eq(number, 7);
	ibmvmc_send_reset(t->adapter);
	cr_expect_eq(ibmvmc_send_signal(t->adapter, &msg, &number), 0);
	cr_expect_neq(number, 7);
}

Test(send, d19_an_overflow_resets_the_channel)
{
	unsigned int i, capacity = t->adapter->pending.capacity;

	transport_fail(t, TRANSPORT_SEND, -EAGAIN, ~0U);
	for (i = 0; i < capacity; i++)
		transport_remove(t, 1, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(t->adapter->pending.count, capacity);
	cr_expect_geq(capacity, TRANSPORT_RING / 2,
		      "half of our queue can cause pending responses");
	transport_remove(t, 1, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_eq(t->adapter->pending.count, 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -EAGAIN);
	transport_fail(t, TRANSPORT_SEND, 0, 0);
}

Test(send, queued_entries_are_dropped_with_the_partner)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	transport_add(t, 0, 1, 7, VMC_OWNER_PARTITION);
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	transport_advance(t, 10);
	cr_expect_eq(t->sent_count, 0, "nothing is sent to a missing partner");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	cr_expect_eq(transport_session(session).error, -ECONNRESET);
	cr_expect_eq(t->adapter->pending.count, 0);
}

Test(send, a_queued_response_that_fails_resets_the_channel)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	transport_advance(t, 10);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -EIO);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 1);
}

Test(send, a_queued_close_that_fails_is_sent_by_its_timeout)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	ibmvmc_session_close(session);
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	transport_advance(t, 10);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(t->sent_count, 0);
	transport_advance(t, 999);
	cr_expect_eq(t->sent_count, 0);
	transport_advance(t, 1);
	cr_expect_eq(t->sent_count, 1);
	cr_expect_eq(type_sent(0), VMC_MSG_CLOSE);
}

Test(send, d66_an_answered_request_is_removed_from_the_queue)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 1000), 0);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, ~0U);
	transport_advance(t, 500);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	cr_expect_eq(t->adapter->pending.count, 2);
	transport_open_resp(t, 1, 1, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(t->adapter->pending.count, 1);
	transport_fail(t, TRANSPORT_SEND, 0, 0);
	transport_forget(t);
	transport_advance(t, 10);
	cr_assert_eq(t->sent_count, 1);
	cr_expect_eq(type_sent(0), VMC_MSG_ADD_BUFFER_RESP);
	ibmvmc_session_put(other);
}

Test(send, d66_an_abandoned_request_is_removed_from_the_queue)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 1000), 0);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, ~0U);
	transport_advance(t, 1000);
	cr_expect_eq(transport_session(other).error, -ETIMEDOUT);
	transport_fail(t, TRANSPORT_SEND, 0, 0);
	transport_forget(t);
	transport_advance(t, 10);
	cr_assert_eq(t->sent_count, 1);
	cr_expect_eq(type_sent(0), VMC_MSG_CLOSE);
	ibmvmc_session_put(other);
}

Test(send, a_reset_clears_the_queued_entries)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	transport_add(t, 0, 1, 6, VMC_OWNER_PARTITION);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_forget(t);
	transport_advance(t, 500);
	cr_expect_eq(t->sent_count, 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(t->sent_count, 2, "the congestion ends with the reset");
}
