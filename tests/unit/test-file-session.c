// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * File sessions: tests their lifetime and how they wait to be opened.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	session = ibmvmc_session_new(t->adapter, t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(file_session, .init = setup, .fini = teardown);

static enum ibmvmc_session_state state(void)
{
	return transport_session(session).state;
}

static int open_now(int index)
{
	return ibmvmc_session_open(session, index, transport_hmc_id, 0);
}

static void wait_for(int index, u32 timeout_ms)
{
	cr_assert_eq(ibmvmc_session_open(session, index, transport_hmc_id,
					 timeout_ms),
		     0);
	cr_assert_eq(state(), IBMVMC_SESSION_WAITING);
}

static void expect_dead(int error)
{
	cr_expect_eq(state(), IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, error, "%d",
		     transport_session(session).error);
	cr_expect_eq(t->woken, session);
}

Test(file_session, returns_its_owner)
{
	cr_expect_eq(ibmvmc_session_owner(session), t);
}

Test(file_session, d57_open_without_a_timeout_returns_the_obstacle)
{
	cr_expect_eq(open_now(-1), -ENODEV,
		     "an adapter that is not started returns ENODEV");
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(open_now(-1), -EAGAIN);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(open_now(-1), -EAGAIN);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(open_now(-1), -ENOBUFS);
	cr_expect_eq(open_now(1), -ENOBUFS);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(open_now(0), -ENOBUFS);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
	cr_expect_eq(open_now(-1), 0,
		     "for any index, the one with a buffer is opened");
	cr_expect_eq(transport_session(session).index, 1);
}

Test(file_session, an_index_that_is_not_offered_is_refused_at_any_time)
{
	cr_expect_eq(open_now(2), -EINVAL);
	cr_expect_eq(ibmvmc_session_open(session, 2, transport_hmc_id, 100),
		     -EINVAL);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
}

Test(file_session, d32_an_open_returns_ebusy_when_all_indices_are_in_use)
{
	struct ibmvmc_file_session *first, *second;

	transport_ready(t, NULL);
	first = transport_open(t, 0, 4);
	second = transport_open(t, 1, 4);
	cr_expect_eq(open_now(-1), -EBUSY);
	cr_expect_eq(open_now(0), -EBUSY);
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
}

Test(file_session, waits_for_the_channel_and_its_buffer)
{
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	wait_for(-1, 1000);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(state(), IBMVMC_SESSION_WAITING);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_open_resp(t, 0, 1, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
	transport_advance(t, 2000);
	cr_expect_eq(state(), IBMVMC_SESSION_READY);
}

Test(file_session, the_timeout_covers_waiting_and_opening)
{
	transport_ready(t, NULL);
	wait_for(0, 1000);
	transport_advance(t, 800);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_advance(t, 99);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 1);
	transport_advance(t, 1);
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 2);
	transport_advance(t, 99);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	transport_advance(t, 1);
	expect_dead(-ETIMEDOUT);
}

Test(file_session, a_wait_without_channel_ends_with_enodev)
{
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	wait_for(-1, 500);
	transport_advance(t, 499);
	cr_expect_eq(state(), IBMVMC_SESSION_WAITING);
	transport_advance(t, 1);
	expect_dead(-ENODEV);
}

Test(file_session, the_timeout_of_a_wait_reports_a_missing_buffer)
{
	transport_ready(t, NULL);
	wait_for(-1, 500);
	transport_advance(t, 500);
	expect_dead(-ENOBUFS);
}

Test(file_session, the_timeout_of_a_wait_reports_an_index_in_use)
{
	struct ibmvmc_file_session *other;

	transport_ready(t, NULL);
	other = transport_open(t, 0, 4);
	ibmvmc_session_put(other);
	wait_for(0, 500);
	transport_advance(t, 500);
	expect_dead(-EBUSY);
}

Test(file_session, a_used_index_is_not_waited_for)
{
	struct ibmvmc_file_session *first, *second;

	transport_ready(t, NULL);
	first = transport_open(t, 0, 4);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 500),
		     -EBUSY);
	second = transport_open(t, 1, 4);
	cr_expect_eq(ibmvmc_session_open(session, -1, transport_hmc_id, 500),
		     -EBUSY);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW,
		     "a refused session stays NEW");
	ibmvmc_session_put(second);
	wait_for(-1, 500);
	ibmvmc_session_put(first);
}

Test(file_session, a_wait_ends_with_the_last_obstacle)
{
	transport_ready(t, NULL);
	wait_for(0, 500);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(state(), IBMVMC_SESSION_WAITING,
		     "the session waits for the partner");
	transport_advance(t, 500);
	expect_dead(-ENODEV);
}

Test(file_session, an_index_that_is_not_negotiated_is_not_waited_for)
{
	struct vmc_capabilities one = transport_peer;

	one.hmcs = 1;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	wait_for(1, 60000);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &one);
	expect_dead(-ENODEV);
}

Test(file_session, waits_for_a_failed_channel_too)
{
	struct vmc_capabilities useless = transport_peer;

	useless.hmcs = 0;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &useless);
	cr_expect_eq(open_now(-1), -EIO);
	wait_for(-1, 1000);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
}

Test(file_session, a_wait_on_a_failed_channel_ends_with_eio)
{
	struct vmc_capabilities useless = transport_peer;

	useless.hmcs = 0;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &useless);
	wait_for(-1, 1000);
	transport_advance(t, 1000);
	expect_dead(-EIO);
}

Test(file_session, the_longest_waiting_session_is_first)
{
	struct ibmvmc_file_session *second, *third;

	transport_ready(t, NULL);
	wait_for(-1, 1000);
	second = ibmvmc_session_new(t->adapter, NULL);
	third = ibmvmc_session_new(t->adapter, NULL);
	ibmvmc_session_open(second, -1, transport_hmc_id, 1000);
	ibmvmc_session_open(third, 1, transport_hmc_id, 1000);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(state(), IBMVMC_SESSION_OPENING);
	cr_expect_eq(transport_session(second).state, IBMVMC_SESSION_WAITING);
	cr_expect_eq(transport_session(third).state, IBMVMC_SESSION_WAITING);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(second).state, IBMVMC_SESSION_OPENING);
	cr_expect_eq(transport_session(third).state, IBMVMC_SESSION_WAITING);
	ibmvmc_session_put(second);
	ibmvmc_session_put(third);
}

Test(file_session, each_of_many_that_wait_is_refused_once)
{
	struct ibmvmc_file_session *others[8];
	unsigned int i;

	transport_ready(t, NULL);
	for (i = 0; i < 8; i++) {
		others[i] = ibmvmc_session_new(t->adapter, NULL);
		ibmvmc_session_open(others[i], 0, transport_hmc_id, 1000);
	}
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	for (i = 0; i < 8; i++) {
		cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), i + 1);
		transport_open_resp(t, 0, (u8)(i + 1), 0,
				    VMC_STATUS_GENERAL_FAILURE);
		cr_expect_eq(transport_session(others[i]).error, -ECONNREFUSED);
	}
	cr_expect_eq(transport_messages(t, VMC_MSG_OPEN, NULL), 8);
	for (i = 0; i < 8; i++)
		ibmvmc_session_put(others[i]);
}

Test(file_session, stopping_ends_the_wait)
{
	u32 delay_ms;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	wait_for(-1, 60000);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	expect_dead(-ENODEV);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(file_session, d6_an_open_on_a_stopped_adapter_does_not_wait)
{
	u32 delay_ms;

	transport_ready(t, NULL);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(t->adapter, NULL);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 5000),
		     -ENODEV);
	cr_expect_eq(open_now(0), -ENODEV);
	cr_expect_eq(state(), IBMVMC_SESSION_NEW);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(file_session, d1_the_last_put_wakes_no_owner)
{
	struct ibmvmc_file_session *other;

	/* The owner may be freed with the last reference. */
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(t->adapter, NULL);
	transport_ready(t, NULL);
	other = transport_open(t, 0, 4);
	cr_assert_eq(ibmvmc_session_open(session, 1, transport_hmc_id, 1000),
		     0);
	ibmvmc_session_get(other);
	transport_forget(t);
	ibmvmc_session_put(other);
	cr_expect_eq(t->wakes, 0);
	ibmvmc_session_put(other);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 1);
	ibmvmc_session_put(session);
	session = NULL;
	cr_expect_eq(t->wakes, 0);
}

Test(file_session, a_name_is_copied)
{
	u8 name[VMC_HMC_ID_LEN] = "first";

	transport_ready(t, NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, name, 1000), 0);
	name[0] = 'w';
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->copied[0], 'f');
}
