// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel: tests start, bring-up and stop of a channel.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "transport.h"

static unsigned int initializes(const struct transport *t)
{
	return transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
}

static unsigned int completes(const struct transport *t)
{
	return transport_sent(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
}

static unsigned int capabilities(const struct transport *t)
{
	return transport_sent(t, VMC_CRQ_MESSAGE, VMC_MSG_CAPABILITIES);
}

Test(channel, start_registers_enables_and_initializes)
{
	struct transport *t = transport_new(NULL);

	cr_expect_eq(transport_state(t), IBMVMC_STATE_INITIAL);
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_str_eq(t->trace, "RIS");
	cr_expect_eq(vmc_crq_word1(&t->sent[0]), 0xc001000000000000);
	cr_expect_eq(vmc_crq_word2(&t->sent[0]), 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, d37_the_state_is_set_before_interrupts_are_on)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(t->state_at_interrupts_on, IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, d36_the_queue_is_polled_after_interrupts_are_enabled)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg early;

	/*
	 * Initialize arrives between registration and enabling of interrupts.
	 */
	vmc_crq_control(&early, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	t->early = &early;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(completes(t), 1);
	cr_expect_eq(capabilities(t), 1);
	cr_expect_eq(initializes(t), 0,
		     "no Initialize is sent after the partner's");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	transport_free(t);
}

Test(channel, start_succeeds_without_a_partner)
{
	struct transport *t = transport_new(NULL);

	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(completes(t), 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	transport_free(t);
}

Test(channel, a_failed_registration_is_reported)
{
	struct transport *t = transport_new(NULL);

	transport_fail(t, TRANSPORT_REGISTER, -EIO, 1);
	cr_expect_eq(ibmvmc_start(t->adapter), -EIO);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_INITIAL);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	cr_assert_eq(ibmvmc_start(t->adapter), 0, "a second start succeeds");
	transport_free(t);
}

Test(channel, a_left_over_registration_is_freed_first)
{
	struct transport *t = transport_new(NULL);

	t->registered = true;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_str_eq(t->trace, "RiFRIS");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, d43_the_timer_retries_to_free_a_busy_left_over_registration)
{
	struct transport *t = transport_new(NULL);

	t->registered = true;
	transport_fail(t, TRANSPORT_FREE, -EBUSY, 3);
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_str_eq(t->trace, "RiF");
	cr_expect_eq(t->timer_ms, 10);
	transport_advance(t, 29);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	transport_advance(t, 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, initialization_complete_leads_to_capabilities)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(completes(t), 0);
	cr_expect_eq(capabilities(t), 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	transport_free(t);
}

Test(channel, d38_a_crossing_initialize_is_answered_without_a_restart)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(completes(t), 1);
	cr_expect_eq(capabilities(t), 1);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(channel, the_response_to_a_crossing_initialize_changes_nothing)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(capabilities(t), 1);
	transport_capabilities(t, &transport_peer);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(channel, a_second_initialize_is_a_restart_of_the_partner)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *session;
	struct ibmvmc_info info;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	session = transport_open(t, 0, 4);
	transport_forget(t);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(completes(t), 1);
	cr_expect_eq(capabilities(t), 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -ECONNRESET);
	cr_expect_eq(t->maps, 0);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.resets, 1);
	cr_expect_eq(info.hmcs, 0);
	cr_expect_null(strchr(t->trace, 'F'), "our queue stays registered");
	ibmvmc_session_put(session);
	transport_free(t);
}

Test(channel, an_initialize_may_cross_after_each_bring_up)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_advance(t, 1000);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(channel, an_unknown_initialisation_message_is_dropped)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, 0xff);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, d39_initialize_is_repeated_and_reported_a_bounded_number_of_times)
{
	static const u64 waits[] = {
		1000, 2000, 4000, 8000, 16000, 32000, 32000
	};
	struct transport *t = transport_new(NULL);
	unsigned int i;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		transport_advance(t, waits[i] - 1);
		cr_expect_eq(initializes(t), i + 1);
		transport_advance(t, 1);
		cr_expect_eq(initializes(t), i + 2);
	}
	transport_advance(t, 3600000);
	/*
	 * The timeouts are not reported: the partner's Initialize may be lost.
	 */
	cr_expect_eq(initializes(t), 8 + 3600 / 32);
	cr_expect_eq(t->events[IBMVMC_EVENT_TIMEOUT], 8);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	transport_free(t);
}

Test(channel, d6_stop_ends_sessions_and_mappings_and_notifies_the_partner)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *open, *fresh;
	struct vmc_interface close;
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	open = transport_open(t, 0, 6);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	fresh = ibmvmc_session_new(t->adapter, NULL);
	transport_forget(t);

	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	cr_expect_eq(t->maps, 0);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, &close), 1);
	cr_expect_eq(close.index, 0);
	cr_expect_eq(close.session, 1);
	cr_expect_eq(transport_session(open).error, -ENODEV);
	cr_expect_eq(transport_session(open).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(fresh).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(fresh).error, -ENODEV);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_INITIAL);
	cr_expect_not(t->registered);
	cr_expect_eq(ibmvmc_session_send(open, "x", 1), -ECONNRESET);
	ibmvmc_session_put(open);
	ibmvmc_session_put(fresh);
	transport_free(t);
}

Test(channel, d6_sessions_outlive_their_adapter)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *session, *fresh;
	struct ibmvmc_storage *taken;
	u32 len;

	transport_ready(t, NULL);
	session = transport_open(t, 0, 6);
	fresh = ibmvmc_session_new(t->adapter, NULL);
	memcpy(t->remote, "hello", 5);
	transport_signal(t, 0, 1, 2, 5);
	transport_signal(t, 0, 1, 4, 5);
	taken = ibmvmc_session_receive(session);
	transport_free(t);

	cr_expect_eq(memcmp(ibmvmc_storage_data(taken, &len), "hello", 5), 0);
	ibmvmc_session_done(session, taken);
	taken = ibmvmc_session_receive(session);
	cr_assert_not_null(taken);
	ibmvmc_session_put_back(session, taken);
	cr_expect_not(ibmvmc_session_writable(session));
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	ibmvmc_session_close(session);
	ibmvmc_session_put(session);
	cr_expect_eq(ibmvmc_session_open(fresh, 0, transport_hmc_id, 0),
		     -EINVAL);
	ibmvmc_session_put(fresh);
}

Test(channel, stop_does_not_wait_for_a_busy_hypervisor)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_crq_msg msg;
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	transport_fail(t, TRANSPORT_FREE, -EBUSY, 1);
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), -EBUSY);
	cr_expect_eq(delay_ms, 10);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_INITIAL);
	/* Entries that arrive before the second stop are ignored. */
	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_push(t, &msg);
	transport_forget(t);
	cr_expect_not(ibmvmc_service(t->adapter, 8));
	ibmvmc_resume(t->adapter);
	cr_expect_eq(t->trace_len, 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 0);
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	transport_fail(t, TRANSPORT_FREE, -EIO, 1);
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), 0,
		     "a stopped channel has no queue to free");
	transport_free(t);
}

Test(channel, stop_returns_the_refusal_of_the_hypervisor)
{
	struct transport *t = transport_new(NULL);
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	transport_fail(t, TRANSPORT_FREE, -EIO, 1);
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), -EIO);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_INITIAL);
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	transport_free(t);
}

Test(channel, a_queue_neither_freed_nor_registered_is_freed_again)
{
	struct transport *t = transport_new(NULL);
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	transport_fail(t, TRANSPORT_FREE, -EIO, 2);
	transport_fail(t, TRANSPORT_REGISTER, -ENOMEM, 2);
	transport_forget(t);
	ibmvmc_restart(t->adapter);
	transport_advance(t, 1000);
	cr_expect_str_eq(t->trace, "iFRiFR");
	cr_expect_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	cr_expect_str_eq(t->trace, "iFRiFRiF");
	transport_free(t);
}

Test(channel, d41_a_busy_stop_does_not_leave_the_channel_ready)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	transport_fail(t, TRANSPORT_FREE, -EBUSY, 1);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), -EBUSY);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.state, IBMVMC_STATE_INITIAL);
	cr_expect_eq(t->last[IBMVMC_EVENT_STATE].value, IBMVMC_STATE_INITIAL);
	cr_expect_eq(info.hmcs, 0);
	cr_expect_eq(info.peer_crq_entries, 0);
	cr_expect_eq(info.peer_version, 0);
	/* A new start first frees the old registration. */
	transport_forget(t);
	transport_ready(t, NULL);
	cr_expect_eq(strncmp(t->trace, "RiFRIS", 6), 0, "%s", t->trace);
	transport_free(t);
}

Test(channel, restarts_by_the_user_never_fail_the_channel)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;
	unsigned int i;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	for (i = 0; i < 10; i++)
		ibmvmc_restart(t->adapter);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.resets, 1, "ten restarts cause one reset");
	for (i = 0; i < 10; i++) {
		transport_advance(t, 1000);
		cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
		ibmvmc_restart(t->adapter);
		cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	}
	transport_free(t);
}

Test(channel, a_restart_by_the_user_revives_a_failed_channel)
{
	struct vmc_capabilities useless = transport_peer;
	struct transport *t = transport_new(NULL);

	useless.hmcs = 0;
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &useless);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	ibmvmc_restart(t->adapter);
	transport_advance(t, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(channel, a_stopped_channel_can_be_started_again)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *session;
	u32 delay_ms = 0;

	transport_ready(t, NULL);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	transport_ready(t, NULL);
	session = transport_open(t, 0, 4);
	cr_expect_eq(transport_session(session).session, 1);
	ibmvmc_session_put(session);
	transport_free(t);
}

Test(channel, a_second_initialize_of_the_partner_repeats_the_handshake)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_messages(t, VMC_MSG_CAPABILITIES, NULL), 1);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_messages(t, VMC_MSG_CAPABILITIES, NULL), 2);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.resets, 1);
	cr_expect_eq(info.state, IBMVMC_STATE_CAPABILITIES);
	transport_free(t);
}
