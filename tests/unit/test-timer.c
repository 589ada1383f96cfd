// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timer: tests the single timer of an adapter.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;

static void setup(void)
{
	t = transport_new(NULL);
	t->now_ms = 5000;
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(timer, .init = setup, .fini = teardown);

static struct ibmvmc_file_session *opening(u8 index, u32 timeout_ms)
{
	struct ibmvmc_file_session *session;

	session = ibmvmc_session_new(t->adapter, NULL);
	transport_add(t, index, 0, 0, VMC_OWNER_PARTITION);
	cr_assert_eq(ibmvmc_session_open(session, index, transport_hmc_id,
					 timeout_ms),
		     0);
	return session;
}

Test(timer, is_off_on_a_ready_channel_with_all_initial_buffers)
{
	transport_ready(t, NULL);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_neq(t->timer_ms, IBMVMC_TIMER_OFF);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(timer, is_set_to_the_earliest_deadline)
{
	struct ibmvmc_file_session *first, *second, *third;

	transport_ready(t, NULL);
	first = opening(0, 4000);
	cr_expect_eq(t->timer_ms, 7000);
	third = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(third, -1, transport_hmc_id, 500), 0);
	cr_expect_eq(t->timer_ms, 5500);

	transport_advance(t, 500);
	cr_expect_eq(transport_session(third).error, -ENOBUFS);
	cr_expect_eq(t->timer_ms, 7000);
	second = opening(1, 2000);
	cr_expect_eq(t->timer_ms, 6500);
	transport_open_resp(t, 1, 1, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(t->timer_ms, 7000);
	transport_open_resp(t, 0, 1, 0, VMC_STATUS_SUCCESS);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
	ibmvmc_session_put(third);
}

Test(timer, handles_all_deadlines_of_the_same_time)
{
	struct ibmvmc_file_session *first, *second;

	transport_ready(t, NULL);
	first = opening(0, 1000);
	second = opening(1, 1000);
	transport_advance(t, 1000);
	cr_expect_eq(transport_session(first).error, -ETIMEDOUT);
	cr_expect_eq(transport_session(second).error, -ETIMEDOUT);
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
}

Test(timer, is_not_set_to_the_same_time_twice)
{
	struct ibmvmc_file_session *session;
	unsigned int sets;

	transport_ready(t, NULL);
	session = transport_open(t, 0, 6);
	sets = t->timer_sets;
	cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
	transport_signal(t, 0, 1, 2, 4);
	cr_expect_eq(t->timer_sets, sets);
	ibmvmc_session_put(session);
}

Test(timer, an_early_call_only_sets_the_timer_again)
{
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(t->timer_ms, 6000);
	transport_forget(t);
	t->timer_ms = IBMVMC_TIMER_OFF;
	ibmvmc_timer(t->adapter);
	cr_expect_eq(t->trace_len, 0);
	cr_expect_eq(t->timer_ms, 6000);
}

Test(timer, a_very_late_call_is_handled_once)
{
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_forget(t);
	t->now_ms += 1000000;
	ibmvmc_timer(t->adapter);
	cr_expect_eq(t->sent_count, 1);
	cr_expect_eq(t->timer_ms, t->now_ms + 2000);
}

Test(timer, a_reset_cancels_the_remaining_deadlines)
{
	struct ibmvmc_file_session *first, *second;

	transport_ready(t, NULL);
	first = opening(0, 1000);
	second = opening(1, 1000);
	transport_advance(t, 400);
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	transport_advance(t, 100);
	cr_expect_eq(transport_session(first).error, -ECONNRESET);
	cr_expect_eq(transport_session(second).error, -ECONNRESET);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
}

Test(timer, d6_does_nothing_after_a_stop)
{
	u32 delay_ms;

	transport_ready(t, NULL);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	transport_forget(t);
	ibmvmc_timer(t->adapter);
	cr_expect_eq(t->trace_len, 0);
}

Test(timer, d6_a_stop_ends_a_bring_up)
{
	u32 delay_ms;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_assert_neq(t->timer_ms, IBMVMC_TIMER_OFF);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	transport_forget(t);
	/* The timer may have expired while the stop held the lock. */
	t->now_ms += 60000;
	ibmvmc_timer(t->adapter);
	cr_expect_eq(t->trace_len, 0);
}

Test(timer, d6_is_set_by_a_start_even_if_it_expired_after_a_stop)
{
	/* The timer appears to be set although the adapter was stopped. */
	t->adapter->armed = 6000;
	ibmvmc_timer(t->adapter);
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(t->timer_ms, 6000);
	transport_advance(t, 1000);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 2);
}
