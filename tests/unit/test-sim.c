// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulated channel: tests the protocol engine and the simulated hypervisor
 * together, as used by every host of the channel. The clock is a variable; no
 * test waits.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hv/fault.h"
#include "sim/vmc-sim.h"
#include "vmc/payload.h"

#define MTU 4096
#define CRQ_ENTRIES 64
#define POOL 16

static const struct ibmvmc_config engine_config = {
	.max_hmcs = 2,
	.buf_pool_size = POOL,
	.max_mtu = MTU,
};

static const struct vmc_hv_config hv_config = {
	.hmcs = 2,
	.pool = POOL,
	.mtu = MTU,
	.crq_entries = CRQ_ENTRIES,
};

static struct vmc_sim *sim;
static u64 now_ms;
static unsigned int wakes;
static const u8 hmc_id[VMC_HMC_ID_LEN] = "a name that is 32 bytes long ...";

static u64 host_now(void *host)
{
	(void)host;
	return now_ms;
}

static void host_wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
	wakes++;
}

static void host_report(void *host, const struct ibmvmc_event *event)
{
	(void)host;
	(void)event;
}

static const struct vmc_sim_host host = {
	.now_ms = host_now,
	.wake = host_wake,
	.report = host_report,
};

static void run(void)
{
	unsigned int slices = 0;

	while (vmc_sim_run(sim, 100))
		cr_assert_lt(++slices, 100000,
			     "the channel stays busy for 100000 rounds");
}

static void run_for(u64 ms)
{
	u64 end = now_ms + ms;
	u64 next;

	for (;;) {
		run();
		next = vmc_sim_next(sim);
		if (next > end)
			break;
		cr_assert_gt(next, now_ms,
			     "the channel is idle, but the next run is due");
		now_ms = next;
	}
	now_ms = end;
	run();
}

static void setup(void)
{
	now_ms = 5000;
	srandom(1);
	cr_assert_eq(vmc_sim_new(&engine_config, &hv_config, &host, NULL, &sim),
		     0);
	cr_assert_eq(ibmvmc_start(vmc_sim_adapter(sim)), 0);
	run();
}

static void teardown(void)
{
	vmc_sim_free(sim);
}

TestSuite(sim, .init = setup, .fini = teardown);

static struct vmc_hv_stats stats(void)
{
	struct vmc_hv_stats result;

	vmc_hv_get_stats(vmc_sim_hv(sim), &result);
	return result;
}

/* Checks the invariants after a use that followed the protocol. */
static void expect_peace(void)
{
	cr_expect_eq(stats().violations, 0);
	cr_expect_leq(stats().queue_high, CRQ_ENTRIES / 2);
}

static enum ibmvmc_state state(void)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(vmc_sim_adapter(sim), &info);
	return info.state;
}

static struct ibmvmc_session_info
info_of(const struct ibmvmc_file_session *session)
{
	struct ibmvmc_session_info info;

	ibmvmc_session_get_info(session, &info);
	return info;
}

static struct ibmvmc_file_session *begin_open(int index, u32 timeout_ms)
{
	struct ibmvmc_file_session *session =
		ibmvmc_session_new(vmc_sim_adapter(sim), NULL);

	cr_assert_not_null(session);
	cr_assert_eq(ibmvmc_session_open(session, index, hmc_id, timeout_ms),
		     0);
	return session;
}

static struct ibmvmc_file_session *open_session(int index)
{
	struct ibmvmc_file_session *session = begin_open(index, 10000);

	run();
	cr_assert_eq(info_of(session).state, IBMVMC_SESSION_READY);
	return session;
}

/* Expects these bytes as the next message; false if there is none. */
static bool receive(struct ibmvmc_file_session *session, const void *data,
		    u32 len)
{
	struct ibmvmc_storage *message = ibmvmc_session_receive(session);
	const void *got;
	u32 got_len;

	if (!message)
		return false;
	got = ibmvmc_storage_data(message, &got_len);
	cr_assert_eq(got_len, len);
	cr_assert_arr_eq(got, data, len);
	ibmvmc_session_done(session, message);
	return true;
}

static void ping(struct ibmvmc_file_session *session, const char *text)
{
	cr_assert_eq(ibmvmc_session_send(session, text, (u32)strlen(text)), 0);
	run();
	cr_assert(receive(session, text, (u32)strlen(text)));
}

/* Makes a message that its number identifies. */
static u32 make_message(u32 number, u8 *data)
{
	u32 len = 1 + (number * 2654435761u >> 7) % MTU;

	for (u32 i = 0; i < len; i++)
		data[i] = (u8)(number * 31 + i * 7 + (i >> 8));
	return len;
}

/* Fills the buffers of the hypervisor with other bytes, in a new session. */
static void overwrite_buffers(int index)
{
	struct ibmvmc_file_session *session;

	run_for(60000);
	session = open_session(index);
	for (u32 i = 0; i < 4 * POOL; i++)
		ping(session, "these bytes are not those of the message");
	ibmvmc_session_put(session);
	run();
}

enum end { END_CLOSE, END_RESTART, END_EVENT, END_FREE, ENDS };

static void end(struct ibmvmc_file_session *session, enum end how)
{
	if (how == END_CLOSE)
		ibmvmc_session_close(session);
	else if (how == END_RESTART)
		ibmvmc_restart(vmc_sim_adapter(sim));
	else if (how == END_EVENT)
		vmc_hv_transport_event(vmc_sim_hv(sim),
				       VMC_EVENT_PARTNER_FAILED);
	run();
	cr_assert_eq(info_of(session).state == IBMVMC_SESSION_DEAD,
		     how != END_FREE);
}

/* The hypervisor lends the bytes of a message; it may use them again later. */
Test(sim, unread_messages_stay_the_same_after_their_session)
{
	static const char text[] = "the bytes of an unread message";

	for (int how = 0; how < ENDS; how++) {
		struct ibmvmc_file_session *session = open_session(0);
		struct ibmvmc_storage *held;
		const void *data;
		u32 len;

		for (int i = 0; i < 3; i++)
			cr_assert_eq(ibmvmc_session_send(session, text,
							 sizeof(text)),
				     0);
		run();
		held = ibmvmc_session_receive(session);
		end(session, how);
		if (how == END_FREE)
			teardown();
		else
			overwrite_buffers(0);
		data = ibmvmc_storage_data(held, &len);
		cr_expect_eq(len, sizeof(text));
		cr_expect_arr_eq(data, text, sizeof(text), "end %d", how);
		ibmvmc_session_done(session, held);
		cr_expect(receive(session, text, sizeof(text)));
		cr_expect(receive(session, text, sizeof(text)));
		ibmvmc_session_put(session);
	}
	setup();
}

static void add_rule(const char *format, unsigned int buffer)
{
	struct vmc_hv_fault fault;
	char words[80];
	int len = snprintf(words, sizeof(words), format, buffer);

	cr_assert_eq(vmc_hv_fault_parse(words, (size_t)len, &fault), 0);
	cr_assert_eq(vmc_hv_fault_add(vmc_sim_hv(sim), &fault), 0);
}

/* A request, which the hypervisor changes into its response in place. */
static void make_request(u8 data[VMC_PAYLOAD_HEADER_LEN])
{
	const struct vmc_payload request = {
		.length = VMC_PAYLOAD_HEADER_LEN,
		.flags = VMC_PAYLOAD_RESPONSE_EXPECTED,
		.target = VMC_TARGET_ROUTER,
		.opcode = VMC_ROUTER_ECHO,
	};

	vmc_payload_encode(data, &request);
}

/* A message is passed to the partition, and its buffer is signalled back. */
static void signal_unread(const char *rule, unsigned int buffer)
{
	struct ibmvmc_file_session *session = open_session(0);
	const u8 other[VMC_PAYLOAD_HEADER_LEN] = "any bytes";
	u8 request[VMC_PAYLOAD_HEADER_LEN];

	make_request(request);
	add_rule(rule, buffer);
	cr_assert_eq(vmc_hv_emit(vmc_sim_hv(sim), 0, request, sizeof(request)),
		     0);
	run();
	for (unsigned int i = 0; i < 3; i++) {
		cr_assert_eq(ibmvmc_session_send(session, other, sizeof(other)),
			     0);
		run_for(200);
	}
	cr_expect(receive(session, request, sizeof(request)));
	ibmvmc_session_put(session);
}

Test(sim, an_unread_message_stays_the_same_if_a_fault_signals_its_buffer_again)
{
	static const char *const rules[] = {
		"corrupt signal buffer %u from partition",
		"corrupt signal buffer %u from partition count 2",
		"corrupt signal buffer %u from partition skip 1",
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		for (unsigned int buffer = 0; buffer < POOL; buffer++) {
			signal_unread(rules[i], buffer);
			teardown();
			setup();
		}
	}
}

Test(sim, refuses_an_invalid_configuration_of_either_side)
{
	struct ibmvmc_config engine = engine_config;
	struct vmc_hv_config hv = hv_config;
	struct vmc_sim *none = NULL;

	engine.max_hmcs = 0;
	cr_expect_eq(vmc_sim_new(&engine, &hv_config, &host, NULL, &none),
		     -EINVAL);
	hv.pool = 0;
	cr_expect_eq(vmc_sim_new(&engine_config, &hv, &host, NULL, &none),
		     -EINVAL);
	cr_expect_null(none);
	vmc_sim_free(NULL);
}

Test(sim, becomes_ready)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(vmc_sim_adapter(sim), &info);
	cr_expect_eq(info.state, IBMVMC_STATE_READY);
	cr_expect_eq(info.hmcs, 2);
	cr_expect_eq(info.pool, POOL);
	cr_expect_eq(info.mtu, MTU);
	cr_expect_eq(info.peer_crq_entries, CRQ_ENTRIES);
	cr_expect_eq(info.peer_version, VMC_VERSION);
	cr_expect_eq(vmc_sim_next(sim), VMC_HV_IDLE);
	expect_peace();
}

Test(sim, negotiates_the_smaller_value_of_both_sides)
{
	struct vmc_hv_config small = hv_config;
	struct ibmvmc_file_session *session;
	struct ibmvmc_info info;
	static u8 data[64];

	vmc_sim_free(sim);
	small.hmcs = 1;
	small.pool = 2;
	small.mtu = 32;
	small.crq_entries = 16;
	cr_assert_eq(vmc_sim_new(&engine_config, &small, &host, NULL, &sim), 0);
	cr_assert_eq(ibmvmc_start(vmc_sim_adapter(sim)), 0);
	run();
	ibmvmc_get_info(vmc_sim_adapter(sim), &info);
	cr_expect_eq(info.hmcs, 1);
	cr_expect_eq(info.pool, 2);
	cr_expect_eq(info.mtu, 32);
	session = open_session(0);
	cr_expect_eq(ibmvmc_session_send(session, data, 33), -EMSGSIZE);
	for (int i = 0; i < 100; i++)
		ping(session, "exactly thirty-two bytes it is!!");
	cr_expect_leq(stats().queue_high, 8);
	cr_expect_eq(stats().violations, 0);
	ibmvmc_session_put(session);
}

Test(sim, echoes_messages_with_all_values_at_their_maximum)
{
	static const struct ibmvmc_config engine = {
		.max_hmcs = VMC_HMCS_MAX,
		.buf_pool_size = VMC_POOL_MAX,
		.max_mtu = VMC_MTU_MAX,
	};
	static const struct vmc_hv_config hv = {
		.hmcs = VMC_HMCS_MAX,
		.pool = VMC_POOL_MAX,
		.mtu = VMC_MTU_MAX,
		.crq_entries = VMC_CRQ_ENTRIES_4K,
	};
	struct ibmvmc_file_session *sessions[VMC_HMCS_MAX];
	static u8 data[VMC_MTU_MAX];

	vmc_sim_free(sim);
	cr_assert_eq(vmc_sim_new(&engine, &hv, &host, NULL, &sim), 0);
	cr_assert_eq(ibmvmc_start(vmc_sim_adapter(sim)), 0);
	run();
	for (int i = 0; i < VMC_HMCS_MAX; i++)
		sessions[i] = begin_open(-1, 10000);
	run();
	for (int i = 0; i < VMC_HMCS_MAX; i++) {
		memset(data, i + 1, sizeof(data));
		cr_assert_eq(ibmvmc_session_send(sessions[i], data,
						 sizeof(data)),
			     0);
	}
	run();
	for (int i = 0; i < VMC_HMCS_MAX; i++) {
		memset(data, i + 1, sizeof(data));
		cr_expect(receive(sessions[i], data, sizeof(data)));
		ibmvmc_session_put(sessions[i]);
	}
	run();
	cr_expect_leq(stats().queue_high, VMC_CRQ_ENTRIES_4K / 2);
	cr_expect_eq(stats().violations, 0);
}

/* More entries than the engine handles in one round, without an interrupt. */
Test(sim, a_backlog_is_served_in_turns)
{
	struct vmc_hv *hv = vmc_sim_hv(sim);
	struct ibmvmc_file_session *session = open_session(0);

	for (int i = 0; i < 30; i++) {
		vmc_hv_transport_event(hv, VMC_EVENT_PARTNER_FAILED);
		vmc_hv_transport_event(hv, VMC_EVENT_PARTNER_TERMINATED);
		vmc_hv_step(hv, now_ms);
	}
	run();
	cr_expect_eq(state(), IBMVMC_STATE_READY);
	cr_expect_eq(info_of(session).error, -ECONNRESET);
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, opens_with_the_name)
{
	struct ibmvmc_file_session *session = open_session(1);
	u8 id[VMC_HMC_ID_LEN];

	cr_assert_eq(vmc_hv_get_hmc_id(vmc_sim_hv(sim), 1, id), 0);
	cr_expect_arr_eq(id, hmc_id, sizeof(id));
	cr_expect_eq(info_of(session).index, 1);
	cr_expect_eq(info_of(session).buffers, POOL);
	cr_expect_eq(info_of(session).buffers_free, POOL / 2);
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, echoes_ten_thousand_messages)
{
	struct ibmvmc_file_session *session = open_session(0);
	u32 sent = 0, received = 0, len;
	static u8 data[MTU];
	int rc;

	while (received < 10000) {
		while (sent < 10000) {
			len = make_message(sent, data);
			rc = ibmvmc_session_send(session, data, len);
			if (rc) {
				cr_assert_eq(rc, -EBUSY);
				break;
			}
			sent++;
			/* Random numbers of messages at a time. */
			if (random() % 5 == 0)
				vmc_sim_run(sim, 1);
		}
		run();
		while (received < sent) {
			len = make_message(received, data);
			if (!receive(session, data, len))
				break;
			received++;
		}
	}
	cr_expect_eq(stats().messages_in, 10000);
	cr_expect_eq(stats().messages_out, 10000);
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, two_sessions_do_not_mix)
{
	struct ibmvmc_file_session *session[2] = { open_session(-1),
						   open_session(-1) };
	u32 sent[2] = { 0, 0 }, received[2] = { 0, 0 };
	static u8 data[MTU];
	u32 len;

	cr_assert_neq(info_of(session[0]).index, info_of(session[1]).index);
	while (received[0] + received[1] < 4000) {
		for (int i = 0; i < 2; i++) {
			len = make_message(sent[i] * 2 + (u32)i, data);
			if (!ibmvmc_session_send(session[i], data, len))
				sent[i]++;
		}
		if (random() % 3 == 0)
			run();
		for (int i = 0; i < 2; i++) {
			len = make_message(received[i] * 2 + (u32)i, data);
			if (receive(session[i], data, len))
				received[i]++;
		}
	}
	cr_expect_gt(received[0], 1000);
	cr_expect_gt(received[1], 1000);
	ibmvmc_session_put(session[0]);
	ibmvmc_session_put(session[1]);
	run();
	expect_peace();
}

Test(sim, closes_and_opens_again)
{
	struct ibmvmc_file_session *session;

	for (int i = 0; i < 600; i++) {
		session = open_session(0);
		ping(session, "hello");
		ibmvmc_session_close(session);
		run();
		ibmvmc_session_put(session);
	}
	expect_peace();
}

Test(sim, delivers_emitted_messages)
{
	struct ibmvmc_file_session *session = open_session(0);
	static u8 data[MTU];

	for (int i = 0; i < 300; i++) {
		memset(data, i, sizeof(data));
		cr_assert_eq(vmc_hv_emit(vmc_sim_hv(sim), 0, data, MTU), 0);
		run();
		cr_assert(receive(session, data, MTU), "number %d", i);
	}
	ping(session, "still writable");
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

static u32 flood_message(u32 number, char *text, u32 size)
{
	int len = snprintf(text, size, "%u ", number);

	memset(text + len, '.', size - (u32)len);
	text[size - 1] = '\n';
	return size;
}

Test(sim, delivers_a_flood_to_a_reader)
{
	struct ibmvmc_file_session *session = open_session(0);
	u32 received = 0;
	char text[100];

	cr_assert_eq(vmc_hv_flood(vmc_sim_hv(sim), 0, 5000, sizeof(text)), 0);
	while (stats().flood_left || info_of(session).queued) {
		run_for(1);
		while (info_of(session).queued) {
			flood_message(received + 1, text, sizeof(text));
			cr_assert(receive(session, text, sizeof(text)));
			received++;
		}
	}
	cr_expect_eq(received, 5000);
	ping(session, "still writable");
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

/* The host runs when it is woken, so each Remove Buffer succeeds. */
Test(sim, delivers_a_flood_to_a_prompt_reader_without_a_pause)
{
	struct ibmvmc_file_session *session = open_session(0);
	u32 received = 0;
	char text[100];

	cr_assert_eq(vmc_hv_flood(vmc_sim_hv(sim), 0, 5000, sizeof(text)), 0);
	for (int i = 0; i < 100000 && received < 5000; i++) {
		vmc_sim_run(sim, 100);
		while (info_of(session).queued) {
			flood_message(received + 1, text, sizeof(text));
			cr_assert(receive(session, text, sizeof(text)));
			received++;
		}
	}
	cr_expect_eq(received, 5000);
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, delivers_a_flood_to_a_late_reader)
{
	struct ibmvmc_file_session *session = open_session(0);
	u32 received = 0;
	char text[100];

	cr_assert_eq(vmc_hv_flood(vmc_sim_hv(sim), 0, 5000, sizeof(text)), 0);
	run_for(500);
	cr_expect_leq(info_of(session).queued, POOL);
	cr_expect_geq(info_of(session).queued, POOL / 2);
	while (received < 5000) {
		flood_message(received + 1, text, sizeof(text));
		if (receive(session, text, sizeof(text)))
			received++;
		else
			run_for(10);
	}
	cr_expect_eq(stats().flood_left, 0);
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, continues_after_a_stall)
{
	struct ibmvmc_file_session *session = open_session(0);
	u32 sent = 0, received = 0, len;
	static u8 data[MTU];

	vmc_hv_stall(vmc_sim_hv(sim), true);
	len = make_message(sent, data);
	while (!ibmvmc_session_send(session, data, len)) {
		len = make_message(++sent, data);
		run();
	}
	cr_expect_geq(sent, 1);
	cr_expect_leq(sent, POOL);
	cr_expect_not(ibmvmc_session_writable(session));
	run_for(1000);
	cr_expect_eq(info_of(session).queued, 0);
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_READY);

	wakes = 0;
	vmc_hv_stall(vmc_sim_hv(sim), false);
	run();
	cr_expect_gt(wakes, 0);
	while (received < sent) {
		len = make_message(received, data);
		cr_assert(receive(session, data, len));
		received++;
	}
	cr_expect(ibmvmc_session_writable(session));
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

static void break_and_recover(u8 kind)
{
	struct ibmvmc_file_session *session = open_session(0);
	struct ibmvmc_file_session *waiting = open_session(1);
	struct ibmvmc_file_session *again;

	cr_assert_eq(ibmvmc_session_send(session, "lost", 4), 0);
	cr_assert_eq(vmc_hv_flood(vmc_sim_hv(sim), 1, 10000, 100), 0);
	vmc_sim_run(sim, 2);
	cr_assert_eq(vmc_hv_transport_event(vmc_sim_hv(sim), kind), 0);
	run_for(60000);

	cr_expect_eq(state(), IBMVMC_STATE_READY);
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(info_of(session).error, -ECONNRESET);
	cr_expect_eq(info_of(waiting).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);

	again = open_session(0);
	ping(again, "back again");
	ibmvmc_session_put(session);
	ibmvmc_session_put(waiting);
	ibmvmc_session_put(again);
	run();
	expect_peace();
}

Test(sim, recovers_from_a_failed_partner)
{
	break_and_recover(VMC_EVENT_PARTNER_FAILED);
}

Test(sim, recovers_from_a_deregistered_partner)
{
	break_and_recover(VMC_EVENT_PARTNER_DEREGISTERED);
}

Test(sim, recovers_from_a_terminated_partner)
{
	break_and_recover(VMC_EVENT_PARTNER_TERMINATED);
}

Test(sim, recovers_from_a_migration)
{
	break_and_recover(VMC_EVENT_MIGRATED);
}

Test(sim, recovers_repeatedly)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_MIGRATED,
				    VMC_EVENT_PARTNER_DEREGISTERED,
				    VMC_EVENT_PARTNER_TERMINATED };
	struct ibmvmc_file_session *session;

	for (int i = 0; i < 200; i++) {
		vmc_hv_transport_event(vmc_sim_hv(sim), kinds[random() % 4]);
		if (random() % 2)
			vmc_sim_run(sim, (unsigned int)random() % 4);
		if (random() % 4 == 0)
			run_for((u64)random() % 3000);
	}
	run_for(120000);
	cr_assert_eq(state(), IBMVMC_STATE_READY);
	session = open_session(0);
	ping(session, "alive");
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, returns_the_refusal_of_the_hypervisor)
{
	struct ibmvmc_file_session *session;

	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, true);
	session = begin_open(0, 1000);
	run();
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(info_of(session).error, -ECONNREFUSED);
	ibmvmc_session_put(session);

	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, false);
	session = open_session(0);
	ping(session, "welcome");
	ibmvmc_session_put(session);
	run();
	expect_peace();
}

Test(sim, requests_a_device)
{
	u32 drc_index = 0, delay_ms;

	cr_expect_eq(ibmvmc_request_vmc(vmc_sim_adapter(sim), &drc_index,
					&delay_ms),
		     0);
	cr_expect_neq(drc_index, 0);
	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_VMC, true);
	cr_expect_eq(ibmvmc_request_vmc(vmc_sim_adapter(sim), &drc_index,
					&delay_ms),
		     -EPERM);
}

Test(sim, a_slow_hypervisor_delays_an_open)
{
	struct ibmvmc_file_session *session;
	u64 began;

	cr_assert_eq(vmc_hv_set_delay(vmc_sim_hv(sim), 100), 0);
	began = now_ms;
	session = begin_open(0, 10000);
	run();
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_OPENING);
	cr_expect_eq(vmc_sim_next(sim), began + 100);
	run_for(199);
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_OPENING);
	run_for(1);
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_READY);

	cr_assert_eq(ibmvmc_session_send(session, "slow", 4), 0);
	run_for(99);
	cr_expect_not(receive(session, "slow", 4));
	run_for(1);
	cr_expect(receive(session, "slow", 4));
	ibmvmc_session_put(session);
	run_for(1000);
	expect_peace();
}

/* Slower than the timeouts of the engine: repeated entries do no harm. */
Test(sim, repeated_requests_cause_no_violation)
{
	struct ibmvmc_file_session *session;

	cr_assert_eq(vmc_hv_set_delay(vmc_sim_hv(sim), 1500), 0);
	session = begin_open(0, 20000);
	run_for(20000);
	cr_assert_eq(info_of(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
	run_for(10000);
	vmc_hv_set_delay(vmc_sim_hv(sim), 0);
	run();
	session = open_session(0);
	ping(session, "in step");
	cr_expect_eq(stats().violations, 0);
	ibmvmc_session_put(session);
}

Test(sim, is_freed_with_open_sessions)
{
	struct ibmvmc_file_session *session = open_session(0);

	cr_assert_eq(ibmvmc_session_send(session, "unread", 6), 0);
	run();
	vmc_sim_free(sim);
	sim = NULL;
	cr_expect_eq(info_of(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(info_of(session).error, -ENODEV);
	cr_expect(receive(session, "unread", 6));
	ibmvmc_session_put(session);
}

Test(sim, is_freed_in_every_state)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_MIGRATED };

	for (unsigned int i = 0; i < 40; i++) {
		vmc_sim_free(sim);
		cr_assert_eq(vmc_sim_new(&engine_config, &hv_config, &host,
					 NULL, &sim),
			     0);
		if (i == 0)
			continue;
		cr_assert_eq(ibmvmc_start(vmc_sim_adapter(sim)), 0);
		vmc_sim_run(sim, i / 2);
		if (i > 20) {
			vmc_hv_transport_event(vmc_sim_hv(sim), kinds[i % 2]);
			vmc_sim_run(sim, (i - 20) / 2);
		}
	}
}
