// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capabilities: tests the exchange, its failures and its timeouts.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "transport.h"

static unsigned int sent(const struct transport *t)
{
	return transport_sent(t, VMC_CRQ_MESSAGE, VMC_MSG_CAPABILITIES);
}

static struct transport *asked(void)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	return t;
}

Test(capabilities, contain_the_configured_limits)
{
	struct transport *t = asked();
	const struct ibmvmc_crq_msg *msg = &t->sent[t->sent_count - 1];

	cr_expect_eq(sent(t), 1);
	cr_expect_eq(vmc_crq_word1(msg), 0x8001000000020010);
	cr_expect_eq(vmc_crq_word2(msg), 0x0000100000400101);
	transport_free(t);
}

Test(capabilities, the_smaller_value_of_both_sides_is_used)
{
	struct vmc_capabilities peer = {
		.hmcs = 1,
		.pool = 64,
		.mtu = 512,
		.crq_entries = 300,
		.version = 0x01ff,
	};
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;

	transport_ready(t, &peer);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.hmcs, 1);
	cr_expect_eq(info.pool, 16);
	cr_expect_eq(info.mtu, 512);
	cr_expect_eq(info.peer_crq_entries, 300);
	cr_expect_eq(info.peer_version, 0x01ff);
	cr_expect_eq(t->events[IBMVMC_EVENT_STATE], 3);
	cr_expect_eq(t->last[IBMVMC_EVENT_STATE].value, IBMVMC_STATE_READY);
	transport_free(t);
}

Test(capabilities, the_negotiated_values_are_discarded_by_a_reset)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;

	transport_ready(t, NULL);
	ibmvmc_restart(t->adapter);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.hmcs, 0);
	cr_expect_eq(info.pool, 0);
	cr_expect_eq(info.mtu, 0);
	cr_expect_eq(info.peer_crq_entries, 0);
	cr_expect_eq(info.peer_version, 0);
	transport_free(t);
}

Test(capabilities, d8_unusable_values_fail_the_channel)
{
	static const struct vmc_capabilities peers[] = {
		{ 0, 0, 16, 4096, 256, VMC_VERSION },
		{ 0, 1, 0, 4096, 256, VMC_VERSION },
		{ 0, 1, VMC_PEER_POOL_MIN - 1, 4096, 256, VMC_VERSION },
		{ 0, 1, 16, 0, 256, VMC_VERSION },
		{ 0, 1, 16, VMC_PEER_MTU_MIN - 1, 256, VMC_VERSION },
		{ 0, 1, 16, 4096, 0, VMC_VERSION },
		{ 0, 1, 16, 4096, VMC_CRQ_ENTRIES_MIN - 1, VMC_VERSION },
		{ 0, 1, 16, 4096, 256, 0x0201 },
		{ 0, 1, 16, 4096, 256, 0x0001 },
		{ VMC_STATUS_INVALID_VERSION, 1, 16, 4096, 256, VMC_VERSION },
	};
	struct ibmvmc_file_session *session;
	struct ibmvmc_info info;
	struct transport *t;
	unsigned int i;

	for (i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		t = asked();
		transport_capabilities(t, &peers[i]);
		cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED, "%u", i);
		cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
		ibmvmc_get_info(t->adapter, &info);
		cr_expect_eq(info.hmcs, 0);
		cr_expect_eq(info.mtu, 0);
		session = ibmvmc_session_new(t->adapter, NULL);
		cr_expect_eq(ibmvmc_session_open(session, -1, transport_hmc_id,
						 0),
			     -EIO);
		ibmvmc_session_put(session);
		transport_free(t);
	}
}

Test(capabilities, the_minimum_values_make_the_channel_ready)
{
	struct vmc_capabilities peer = {
		.hmcs = 1,
		.pool = VMC_PEER_POOL_MIN,
		.mtu = VMC_PEER_MTU_MIN,
		.crq_entries = VMC_CRQ_ENTRIES_MIN,
		.version = VMC_VERSION,
	};
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *session;

	transport_ready(t, &peer);
	session = transport_open(t, 0, 2);
	cr_expect_eq(ibmvmc_session_send(session, transport_hmc_id, 33),
		     -EMSGSIZE);
	cr_expect_eq(ibmvmc_session_send(session, transport_hmc_id, 32), 0);
	ibmvmc_session_put(session);
	transport_free(t);
}

Test(capabilities, an_unexpected_response_is_dropped)
{
	struct vmc_capabilities other = transport_peer;
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	other.mtu = 64;
	transport_capabilities(t, &other);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.mtu, 4096);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 2);
	transport_free(t);
}

Test(capabilities, d39_are_repeated_before_the_channel_is_reset)
{
	static const u64 waits[] = { 1000, 2000, 4000, 8000, 16000 };
	struct transport *t = asked();
	unsigned int i;

	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		transport_advance(t, waits[i] - 1);
		cr_expect_eq(sent(t), i + 1);
		transport_advance(t, 1);
		cr_expect_eq(sent(t), i + 2);
	}
	transport_forget(t);
	transport_advance(t, 31999);
	cr_expect_eq(t->trace_len, 0);
	transport_advance(t, 1);
	cr_expect_eq(sent(t), 0);
	cr_expect_str_eq(t->trace, "iFRIS");
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ETIMEDOUT);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

Test(capabilities, d39_a_partner_may_respond_after_a_minute)
{
	struct transport *t = asked();

	transport_advance(t, 60000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

static void answer_failure(struct transport *t, u8 status)
{
	struct vmc_capabilities failure = { .status = status };

	transport_capabilities(t, &failure);
}

Test(capabilities, d39_are_repeated_after_a_transient_failure)
{
	static const u8 statuses[] = { VMC_STATUS_GENERAL_FAILURE, 0xff };
	struct transport *t;
	unsigned int i;

	for (i = 0; i < sizeof(statuses); i++) {
		t = asked();
		answer_failure(t, statuses[i]);
		cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
		cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
		cr_expect_eq(sent(t), 1, "not sent again before the timeout");
		transport_advance(t, 1000);
		cr_expect_eq(sent(t), 2);
		transport_capabilities(t, &transport_peer);
		cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
		cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
		transport_free(t);
	}
}

Test(capabilities, d39_a_permanent_failure_resets_the_channel)
{
	struct transport *t = asked();
	unsigned int i;

	for (i = 0; i < 6; i++) {
		cr_expect_eq(sent(t), i + 1);
		answer_failure(t, VMC_STATUS_GENERAL_FAILURE);
		transport_advance(t, 1000 << i);
	}
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_free(t);
}

/* Lets all attempts time out. */
static void let_capabilities_fail(struct transport *t)
{
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_advance(t, 63000);
}

Test(capabilities, d39_three_unsuccessful_resets_fail_the_channel)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;
	unsigned int i;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	for (i = 0; i < 3; i++) {
		let_capabilities_fail(t);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	}
	let_capabilities_fail(t);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.resets, 4);

	/*
	 * The partner's Initialize revives the channel and restores all
	 * attempts.
	 */
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CAPABILITIES);
	transport_advance(t, 63000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(capabilities, an_event_after_failed_resets_restores_all_attempts)
{
	struct transport *t = transport_new(NULL);
	unsigned int i;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	for (i = 0; i < 4; i++)
		let_capabilities_fail(t);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	for (i = 0; i < 3; i++) {
		let_capabilities_fail(t);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	}
	transport_free(t);
}

Test(capabilities, a_ready_channel_restores_all_attempts)
{
	struct transport *t = transport_new(NULL);
	unsigned int round;

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	for (round = 0; round < 3; round++) {
		let_capabilities_fail(t);
		let_capabilities_fail(t);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
		transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
		transport_capabilities(t, &transport_peer);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_READY);
		transport_control(t, VMC_CRQ_TRANSPORT,
				  VMC_EVENT_PARTNER_FAILED);
	}
	transport_free(t);
}

Test(capabilities, a_transport_event_revives_a_failed_channel)
{
	struct vmc_capabilities useless = transport_peer;
	struct transport *t = asked();

	useless.hmcs = 0;
	transport_capabilities(t, &useless);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	transport_free(t);
}

Test(capabilities, d19_a_full_queue_delays_capabilities)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 3);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	cr_expect_eq(sent(t), 0);
	transport_advance(t, 30);
	cr_expect_eq(sent(t), 1);
	transport_free(t);
}

Test(capabilities, are_not_queued_twice_when_the_queue_is_full)
{
	struct transport *t = transport_new(NULL);

	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 350);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_advance(t, 3600);
	cr_expect_eq(sent(t), 1);
	cr_expect_eq(t->events[IBMVMC_EVENT_TIMEOUT], 2);
	transport_free(t);
}
