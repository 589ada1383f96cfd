// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open: tests Interface Open, its response and its timeouts.
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
	transport_add(t, 0, 0, 3, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, t);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(open, .init = setup, .fini = teardown);

static enum ibmvmc_session_state state(void)
{
	return transport_session(session).state;
}

static unsigned int opens(struct vmc_interface *last)
{
	return transport_messages(t, VMC_MSG_OPEN, last);
}

static void begin(u32 timeout_ms)
{
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id,
					 timeout_ms),
		     0);
	cr_assert_eq(state(), IBMVMC_SESSION_OPENING);
}

Test(open, copies_the_name_and_sends_open)
{
	struct vmc_interface open;

	begin(0);
	cr_expect_str_eq(t->trace, "CS");
	cr_assert_eq(opens(&open), 1);
	cr_expect_eq(open.session, 1);
	cr_expect_eq(open.index, 0);
	cr_expect_eq(open.buffer_id, 3);
	cr_expect_eq(open.word, 0);
	cr_expect_eq(t->copy_lioba, 0x4000);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
	cr_expect_eq(t->woken, session);
	cr_expect_eq(t->events[IBMVMC_EVENT_SESSION_READY], 1);
	cr_expect_eq(transport_session(session).buffers_free, 1,
		     "the initial buffer is free after the response");
}

Test(open, d69_copies_exactly_the_name)
{
	begin(0);
	cr_expect_eq(t->copy_len, VMC_HMC_ID_LEN);
	cr_expect_eq(memcmp(t->copied, transport_hmc_id, VMC_HMC_ID_LEN), 0);
}

Test(open, d10_a_name_is_bytes_with_or_without_a_nul)
{
	u8 name[VMC_HMC_ID_LEN];

	memset(name, 0xff, sizeof(name));
	name[5] = 0;
	cr_assert_eq(ibmvmc_session_open(session, 0, name, 0), 0);
	cr_expect_eq(memcmp(t->copied, name, sizeof(name)), 0);
}

Test(open, d5_a_second_open_of_a_session_is_refused)
{
	begin(0);
	cr_expect_eq(ibmvmc_session_open(session, 1, transport_hmc_id, 0),
		     -EINVAL);
	cr_expect_eq(opens(NULL), 1);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0),
		     -EINVAL);
}

Test(open, an_index_that_is_not_offered_is_refused)
{
	cr_expect_eq(ibmvmc_session_open(session, 2, transport_hmc_id, 0),
		     -EINVAL);
	cr_expect_eq(ibmvmc_session_open(session, 2, transport_hmc_id, 100),
		     -EINVAL);
	cr_expect_eq(ibmvmc_session_open(session, -2, transport_hmc_id, 0),
		     -EINVAL);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
}

Test(open, d33_a_refusal_is_reported_and_keeps_the_initial_buffer)
{
	struct vmc_interface open;

	begin(0);
	transport_add(t, 0, 1, 7, VMC_OWNER_HYPERVISOR);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(state(), IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -ECONNREFUSED);
	cr_expect_eq(t->woken, session);
	cr_expect_eq(t->maps, 1);

	ibmvmc_session_put(session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 0);
	session = ibmvmc_session_new(t->adapter, t);
	begin(0);
	cr_expect_eq(opens(&open), 2);
	cr_expect_eq(open.session, 2);
	cr_expect_eq(open.buffer_id, 3);
}

Test(open, d21_a_response_must_answer_the_open_that_is_pending)
{
	/* No Open is pending. */
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 0, 0, 3, VMC_STATUS_SUCCESS);
	begin(0);
	/* Another buffer, another session, another index. */
	transport_open_resp(t, 0, 1, 0, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 0, 1, VMC_BUFFER_NONE, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 0, 2, 3, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 0, 0, 3, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 1, 1, 3, VMC_STATUS_SUCCESS);
	transport_open_resp(t, 0, 2, 3, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 8);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
	/* A stray response with a failure does not end the session. */
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_GENERAL_FAILURE);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(open, d47_a_response_for_no_index_resets_nothing)
{
	begin(0);
	transport_open_resp(t, 99, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
}

Test(open, the_pending_opens_buffer_cannot_be_signalled)
{
	begin(0);
	transport_signal(t, 0, 1, 3, 5);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(transport_session(session).queued, 0);
}

Test(open, d39_is_repeated_at_half_the_timeout_before_the_close)
{
	begin(1000);
	transport_advance(t, 499);
	cr_expect_eq(opens(NULL), 1);
	transport_advance(t, 1);
	cr_expect_eq(opens(NULL), 2);
	cr_expect_eq(memcmp(&t->sent[0], &t->sent[1], VMC_CRQ_ENTRY_LEN), 0,
		     "the repeated Open has the same bytes");
	transport_advance(t, 499);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_advance(t, 1);
	cr_expect_eq(state(), IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -ETIMEDOUT);
	cr_expect_eq(t->woken, session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	cr_expect_eq(t->maps, 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_TIMEOUT], 2);
	/* A late response does not revive the session. */
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_DEAD);
}

Test(open, a_failed_repetition_ends_the_session)
{
	begin(1000);
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	transport_advance(t, 500);
	cr_expect_eq(transport_session(session).error, -EIO);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
}

Test(open, timeout_0_uses_the_timeout_of_the_engine)
{
	begin(0);
	transport_advance(t, 4999);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_advance(t, 1);
	cr_expect_eq(transport_session(session).error, -ETIMEDOUT);
}

Test(open, a_late_response_after_the_repetition_is_accepted)
{
	begin(1000);
	transport_advance(t, 900);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	transport_advance(t, 10000);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(open, d16_a_failing_copy_changes_nothing)
{
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0),
		     -EIO);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
	cr_expect_eq(transport_session(session).index, -1);
	cr_expect_eq(opens(NULL), 0);
	begin(0);
}

Test(open, d16_a_failing_send_changes_nothing)
{
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0),
		     -EIO);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
	begin(0);
	transport_open_resp(t, 0, transport_session(session).session, 3,
			    VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(open, a_failing_copy_ends_a_session_that_may_wait)
{
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 100), 0);
	cr_expect_eq(state(), IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -EIO);
}

Test(open, d4_a_missing_partner_leaves_no_connection_opening)
{
	transport_fail(t, TRANSPORT_COPY, -ENOTCONN, 1);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0),
		     -EAGAIN);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	cr_expect_eq(t->maps, 0);

	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 0, 0, 3, VMC_OWNER_PARTITION);
	begin(0);
}

Test(open, d19_a_full_queue_delays_open)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 2);
	begin(0);
	cr_expect_eq(opens(NULL), 0);
	transport_advance(t, 20);
	cr_expect_eq(opens(NULL), 1);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(open, d21_a_response_before_the_open_was_sent_is_dropped)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	begin(0);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	transport_advance(t, 10);
	cr_expect_eq(opens(NULL), 1);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(open, a_failure_after_a_full_queue_resets_the_channel)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	begin(0);
	transport_fail(t, TRANSPORT_SEND, -EIO, 1);
	transport_advance(t, 10);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 1);
	cr_expect_eq(transport_session(session).error, -ECONNRESET);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
}

Test(open, d68_session_numbers_wrap_from_255_to_1)
{
	unsigned int expected = 1;
	unsigned int i;

	for (i = 0; i < 600; i++) {
		begin(0);
		cr_assert_eq(transport_session(session).session, expected);
		transport_open_resp(t, 0, (u8)expected, 3, VMC_STATUS_SUCCESS);
		ibmvmc_session_put(session);
		transport_close_resp(t, 0, (u8)expected, VMC_STATUS_SUCCESS);
		transport_add(t, 0, 0, 3, VMC_OWNER_PARTITION);
		session = ibmvmc_session_new(t->adapter, t);
		expected = expected == 255 ? 1 : expected + 1;
	}
}

Test(open, messages_may_arrive_before_the_response)
{
	begin(0);
	transport_add(t, 0, 1, 0, VMC_OWNER_HYPERVISOR);
	transport_signal(t, 0, 1, 0, 4);
	cr_expect_eq(transport_session(session).queued, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	transport_open_resp(t, 0, 1, 3, VMC_STATUS_SUCCESS);
	cr_expect_eq(transport_session(session).queued, 1);
}
