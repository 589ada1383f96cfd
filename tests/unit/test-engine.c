// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Engine: tests the whole engine against the simulated hypervisor, which counts
 * violations of the protocol, and against a partner that sends arbitrary
 * entries.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "hv/fault.h"
#include "sim/vmc-sim.h"
#include "transport.h"

static u64 clock_ms;
static unsigned int entries_sent;

static u64 sim_now(void *host)
{
	(void)host;
	return clock_ms;
}

static void sim_wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
}

static void sim_report(void *host, const struct ibmvmc_event *event)
{
	(void)host;
	if (event->type == IBMVMC_EVENT_ENTRY_SENT)
		entries_sent++;
}

static const struct vmc_sim_host host = {
	.now_ms = sim_now,
	.wake = sim_wake,
	.report = sim_report,
};

static struct vmc_sim *sim;

/* Runs both sides for @ms milliseconds. */
static void run(u64 ms)
{
	u64 end = clock_ms + ms;
	u64 next;

	for (;;) {
		while (vmc_sim_run(sim, 100))
			;
		next = vmc_sim_next(sim);
		if (next > end)
			break;
		clock_ms = next;
	}
	clock_ms = end;
}

static void begin(u16 crq_entries, u32 delay_ms)
{
	static const struct ibmvmc_config config = {
		.max_hmcs = 2,
		.buf_pool_size = 32,
		.max_mtu = 4096,
	};
	struct vmc_hv_config hv = {
		.hmcs = 2,
		.pool = 32,
		.mtu = 4096,
		.crq_entries = crq_entries,
		.delay_ms = delay_ms,
	};

	cr_assert_eq(vmc_sim_new(&config, &hv, &host, NULL, &sim), 0);
	cr_assert_eq(ibmvmc_start(vmc_sim_adapter(sim)), 0);
	run(1000);
}

static void end(void)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(vmc_sim_hv(sim), &stats);
	cr_expect_eq(stats.violations, 0);
	vmc_sim_free(sim);
}

static enum ibmvmc_state state(void)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(vmc_sim_adapter(sim), &info);
	return info.state;
}

static struct ibmvmc_file_session *open_session(int index)
{
	struct ibmvmc_file_session *session;

	session = ibmvmc_session_new(vmc_sim_adapter(sim), NULL);
	cr_assert_eq(
		ibmvmc_session_open(session, index, transport_hmc_id, 5000), 0);
	run(1000);
	cr_assert_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	return session;
}

static bool read_one(struct ibmvmc_file_session *session, char *to, u32 *len)
{
	struct ibmvmc_storage *message = ibmvmc_session_receive(session);
	const void *data;

	if (!message)
		return false;
	data = ibmvmc_storage_data(message, len);
	memcpy(to, data, *len);
	ibmvmc_session_done(session, message);
	return true;
}

Test(engine, many_messages_are_echoed)
{
	struct ibmvmc_file_session *session;
	char want[64], got[4096];
	unsigned int i;
	u32 len;

	begin(256, 0);
	session = open_session(-1);
	for (i = 0; i < 20000; i++) {
		snprintf(want, sizeof(want), "message %u", i);
		cr_assert_eq(ibmvmc_session_send(session, want,
						 (u32)strlen(want)),
			     0);
		run(0);
		cr_assert(read_one(session, got, &len));
		cr_assert_eq(len, strlen(want));
		cr_assert_eq(memcmp(got, want, len), 0);
	}
	ibmvmc_session_put(session);
	run(1000);
	end();
}

Test(engine, d66_at_most_half_of_the_queue_of_a_stalled_hypervisor_is_used)
{
	struct ibmvmc_file_session *first, *second;
	unsigned int sent = 0;

	begin(32, 0);
	first = open_session(0);
	second = open_session(1);
	vmc_hv_stall(vmc_sim_hv(sim), true);
	entries_sent = 0;
	while (!ibmvmc_session_send(first, "x", 1))
		sent++;
	while (!ibmvmc_session_send(second, "x", 1))
		sent++;
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
	run(500);
	cr_expect_eq(sent, 15);
	cr_expect_eq(entries_sent, 16,
		     "half of the queue is used, including one Close");
	vmc_hv_stall(vmc_sim_hv(sim), false);
	run(1000);
	first = open_session(0);
	second = open_session(1);
	ibmvmc_session_put(first);
	ibmvmc_session_put(second);
	run(1000);
	end();
}

Test(engine, every_message_of_a_flood_arrives_in_order)
{
	struct ibmvmc_file_session *session;
	unsigned int rounds = 0;
	unsigned int got = 0;
	char data[4096];
	u32 len;

	begin(16, 0);
	session = open_session(0);
	cr_assert_eq(vmc_hv_flood(vmc_sim_hv(sim), 0, 5000, 100), 0);
	while (got < 5000) {
		run(10);
		cr_assert_lt(++rounds, 20000, "at %u", got);
		while (read_one(session, data, &len)) {
			cr_assert_eq(len, 100);
			cr_assert_eq(strtoul(data, NULL, 10), ++got);
		}
	}
	ibmvmc_session_put(session);
	run(1000);
	end();
}

Test(engine, immediate_reopening_wraps_the_session_numbers)
{
	struct ibmvmc_file_session *session;
	unsigned int i;

	begin(256, 0);
	for (i = 0; i < 600; i++) {
		session = open_session(0);
		cr_assert_eq(transport_session(session).session, i % 255 + 1);
		ibmvmc_session_put(session);
	}
	run(1000);
	end();
}

Test(engine, messages_are_echoed_by_a_slow_hypervisor)
{
	struct ibmvmc_file_session *session;
	char got[4096];
	u32 len;

	begin(256, 20);
	session = open_session(0);
	cr_assert_eq(ibmvmc_session_send(session, "slow", 4), 0);
	run(100);
	cr_expect(read_one(session, got, &len));
	ibmvmc_session_put(session);
	session = ibmvmc_session_new(vmc_sim_adapter(sim), NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 5000),
		     0);
	run(4000);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
	run(1000);
	end();
}

Test(engine, d33_an_open_succeeds_after_refused_ones)
{
	struct ibmvmc_file_session *session;

	begin(256, 0);
	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, true);
	session = ibmvmc_session_new(vmc_sim_adapter(sim), NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 5000),
		     0);
	run(1000);
	cr_expect_eq(transport_session(session).error, -ECONNREFUSED);
	ibmvmc_session_put(session);
	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, false);
	session = open_session(0);
	ibmvmc_session_put(session);
	run(1000);
	end();
}

static u32 resets(void)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(vmc_sim_adapter(sim), &info);
	return info.resets;
}

/* Tries to open index 0 this often; returns the number of resets caused. */
static u32 resets_by_refusals(unsigned int opens)
{
	struct ibmvmc_file_session *session;
	u32 before = resets();

	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, true);
	while (opens--) {
		session = ibmvmc_session_new(vmc_sim_adapter(sim), NULL);
		cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id,
						 5000),
			     0);
		run(5000);
		cr_expect_eq(transport_session(session).error, -ECONNREFUSED);
		ibmvmc_session_put(session);
	}
	vmc_hv_set_refused(vmc_sim_hv(sim), VMC_HV_REQUEST_OPEN, false);
	return resets() - before;
}

Test(engine, opens_refused_in_a_row_reset_the_channel_once)
{
	begin(256, 0);
	cr_expect_eq(resets_by_refusals(2), 0);
	cr_expect_eq(resets_by_refusals(1), 1);
	cr_expect_eq(resets_by_refusals(9), 0,
		     "no further reset before an Open succeeds");
	ibmvmc_session_put(open_session(0));
	run(1000);
	cr_expect_eq(resets_by_refusals(9), 1);
	end();
}

Test(engine, refused_opens_end_no_live_session)
{
	struct ibmvmc_file_session *session;

	begin(256, 0);
	session = open_session(1);
	cr_expect_eq(resets_by_refusals(9), 0);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
	run(1000);
	cr_expect_eq(resets_by_refusals(1), 1,
		     "refusals reset the channel when no session is alive");
	end();
}

Test(engine,
     a_migration_whose_event_is_lost_disables_the_queue_for_seconds_only)
{
	struct vmc_hv_fault fault = { 0 };
	struct ibmvmc_file_session *session;
	u32 before;

	begin(256, 0);
	before = resets();
	cr_assert_eq(vmc_hv_fault_parse("drop event", 10, &fault), 0);
	vmc_hv_fault_add(vmc_sim_hv(sim), &fault);
	vmc_hv_transport_event(vmc_sim_hv(sim), VMC_EVENT_MIGRATED);
	run(1000);
	cr_expect_eq(resets(), before, "a lost event causes no reset");
	session = ibmvmc_session_new(vmc_sim_adapter(sim), NULL);
	cr_assert_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 5000),
		     0);
	run(5000);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
	run(1000);
	end();
}

Test(engine, d34_d35_the_channel_recovers_from_each_transport_event)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_PARTNER_DEREGISTERED,
				    VMC_EVENT_PARTNER_TERMINATED,
				    VMC_EVENT_MIGRATED };
	struct ibmvmc_file_session *session;
	char got[4096];
	unsigned int i;
	u32 len;

	begin(256, 0);
	for (i = 0; i < 40; i++) {
		session = open_session(-1);
		cr_assert_eq(ibmvmc_session_send(session, "one", 3), 0);
		run(0);
		cr_assert_eq(vmc_hv_transport_event(vmc_sim_hv(sim),
						    kinds[i % 4]),
			     0);
		run(5000);
		cr_assert_eq(state(), IBMVMC_STATE_READY, "%u", i);
		cr_expect_eq(transport_session(session).error, -ECONNRESET);
		cr_expect(read_one(session, got, &len),
			  "the message stays readable after the reset");
		ibmvmc_session_put(session);
	}
	run(1000);
	end();
}

/* The tests below have a partner that sends arbitrary entries. */

static u32 seed;

static u32 dice(u32 sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

static void send_anything(struct transport *t)
{
	static const u8 types[] = { VMC_MSG_ADD_BUFFER, VMC_MSG_REMOVE_BUFFER,
				    VMC_MSG_SIGNAL, VMC_MSG_OPEN_RESP,
				    VMC_MSG_CLOSE_RESP };
	u8 index = (u8)dice(dice(20) ? 2 : 256);
	/*
	 * Session numbers advance: random ones alone would rarely be current.
	 */
	bool known = index < 2 && dice(4);
	struct vmc_interface message = {
		.type = types[dice(sizeof(types))],
		.status = dice(6) ? 0 : (u8)dice(256),
		.owner = dice(20) ? (u8)dice(2) : (u8)dice(256),
		.session = known ? t->adapter->connections[index].session :
				   (u8)dice(6),
		.index = index,
		.buffer_id = (u16)dice(dice(20) ? 16 : 65536),
		.word = dice(dice(20) ? 4097 : 0x00ffffff),
	};
	struct ibmvmc_crq_msg msg;
	unsigned int i;

	switch (dice(40)) {
	case 0:
		for (i = 0; i < VMC_CRQ_ENTRY_LEN; i++)
			msg.bytes[i] = (u8)dice(256);
		msg.bytes[0] |= VMC_CRQ_VALID;
		break;
	case 1:
		vmc_crq_control(&msg, VMC_CRQ_INIT, (u8)dice(4));
		break;
	case 2:
		vmc_crq_control(&msg, VMC_CRQ_TRANSPORT, (u8)dice(12));
		break;
	case 3:
	case 4:
		vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES_RESP,
					&transport_peer);
		break;
	default:
		vmc_interface_encode(&msg, &message);
		break;
	}
	if (t->adapter->registered)
		transport_deliver(t, &msg);
}

/* Sends the entry that a correct hypervisor would send next. */
static void send_what_fits(struct transport *t)
{
	const struct crq_server_adapter *adapter = t->adapter;
	u8 index = (u8)dice(2);
	const struct ibmvmc_hmc *hmc = &adapter->connections[index];
	const struct ibmvmc_buffer *buffer = &hmc->buffers[dice(16)];

	if (!adapter->registered)
		return;
	if (adapter->state == IBMVMC_STATE_CRQINIT)
		transport_control(t, VMC_CRQ_INIT, (u8)(1 + dice(2)));
	else if (adapter->state == IBMVMC_STATE_CAPABILITIES)
		transport_capabilities(t, &transport_peer);
	else if (hmc->state == IBMVMC_HMC_OPENING && !dice(3))
		transport_open_resp(t, index, hmc->session,
				    hmc->open_buffer ? hmc->open_buffer->id : 0,
				    dice(8) ? 0 : 1);
	else if (hmc->state == IBMVMC_HMC_CLOSING)
		transport_close_resp(t, index, hmc->session, dice(8) ? 0 : 1);
	else if (!buffer->storage)
		transport_add(t, index,
			      hmc->state == IBMVMC_HMC_FREE ? 0 : hmc->session,
			      buffer->id, (u8)dice(2));
	else if (buffer->owner == VMC_OWNER_HYPERVISOR)
		transport_signal(t, index, hmc->session, buffer->id,
				 dice(4097));
	else if (!dice(4))
		transport_remove(t, index, hmc->session);
}

static void do_anything(struct transport *t,
			struct ibmvmc_file_session **session)
{
	static const int errors[] = { -EAGAIN, -ENOTCONN, -EIO, -EBUSY };
	struct ibmvmc_storage *message;
	u32 what = dice(40);

	if (what < 8) {
		ibmvmc_session_open(*session, (int)dice(3) - 1,
				    transport_hmc_id, dice(2) * 700);
	} else if (what < 16) {
		ibmvmc_session_send(*session, t->copied, dice(5000));
	} else if (what < 30) {
		message = ibmvmc_session_receive(*session);
		if (message && dice(3))
			ibmvmc_session_done(*session, message);
		else if (message)
			ibmvmc_session_put_back(*session, message);
	} else if (what == 30) {
		ibmvmc_session_put(*session);
		*session = ibmvmc_session_new(t->adapter, NULL);
	} else if (what == 31) {
		transport_fail(t, (enum transport_op)dice(TRANSPORT_OPS),
			       errors[dice(4)], dice(3));
	} else {
		transport_advance(t, dice(400));
	}
}

/* Checks the invariants that hold after any entry. */
static void check(const struct transport *t)
{
	const struct crq_server_adapter *adapter = t->adapter;
	unsigned int i, id, valid = 0;

	for (i = 0; i < adapter->config.max_hmcs; i++) {
		const struct ibmvmc_hmc *hmc = &adapter->connections[i];
		bool alive = hmc->state == IBMVMC_HMC_OPENING ||
			     hmc->state == IBMVMC_HMC_READY;

		cr_assert_eq(alive, hmc->file_session != NULL);
		if (alive)
			cr_assert_eq(hmc->file_session->hmc, hmc);
		for (id = 0; id < adapter->config.buf_pool_size; id++)
			valid += hmc->buffers[id].storage != NULL;
	}
	cr_assert_eq(valid, t->maps, "each valid buffer has one mapping");
	cr_assert_eq(t->unmap_mismatches, 0);
	cr_assert_leq(adapter->window.consumed, adapter->window.sent);
	if (adapter->state != IBMVMC_STATE_READY)
		cr_assert_eq(t->maps, 0);
	cr_assert_eq(adapter->trouble.kind, IBMVMC_TROUBLE_NONE);
}

/* Expects that a session opens and carries a message. */
static void expect_usable(void)
{
	struct ibmvmc_file_session *session = open_session(-1);
	char got[4096];
	u32 len;

	cr_expect_eq(ibmvmc_session_send(session, "there", 5), 0);
	run(1000);
	cr_assert(read_one(session, got, &len));
	cr_expect_eq(len, 5);
	ibmvmc_session_put(session);
	run(1000);
}

/* Sends random entries with any number. */
Test(engine, stray_control_entries_do_not_disable_the_channel)
{
	static const u8 strays[][2] = {
		{ VMC_CRQ_INIT, VMC_INIT_INITIALIZE },
		{ VMC_CRQ_INIT, VMC_INIT_COMPLETE },
		{ VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED },
		{ VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED },
		{ VMC_CRQ_TRANSPORT, 0x42 },
	};
	static const unsigned int counts[] = { 1, 2, 30 };
	struct ibmvmc_crq_msg msg;
	unsigned int i, j, n;

	begin(64, 0);
	for (i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		for (j = 0; j < sizeof(counts) / sizeof(counts[0]); j++) {
			vmc_crq_control(&msg, strays[i][0], strays[i][1]);
			for (n = 0; n < counts[j]; n++)
				vmc_hv_entry(vmc_sim_hv(sim),
					     vmc_crq_word1(&msg),
					     vmc_crq_word2(&msg));
			run(10000);
			cr_expect_eq(state(), IBMVMC_STATE_READY,
				     "%u of %02x%02x", counts[j], strays[i][0],
				     strays[i][1]);
			expect_usable();
		}
	}
	end();
}

Test(engine, d14_arbitrary_entries_do_not_break_the_invariants, .timeout = 300)
{
	struct ibmvmc_file_session *sessions[3];
	struct transport *t = transport_new(NULL);
	unsigned int ready = 0, delivered = 0;
	unsigned int i;

	transport_ready(t, NULL);
	for (i = 0; i < 3; i++)
		sessions[i] = ibmvmc_session_new(t->adapter, NULL);
	for (seed = i = 1; i < 500000; i++) {
		if (!dice(10))
			send_anything(t);
		else if (dice(3))
			send_what_fits(t);
		else
			do_anything(t, &sessions[dice(3)]);
		check(t);
		ready += t->events[IBMVMC_EVENT_SESSION_READY];
		delivered += transport_session(sessions[0]).queued > 0;
		transport_forget(t);
		/* A failed channel without a queue must be restarted. */
		if (transport_state(t) == IBMVMC_STATE_FAILED &&
		    !t->adapter->registered) {
			u32 delay_ms;

			memset(t->faults, 0, sizeof(t->faults));
			cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
			cr_assert_eq(ibmvmc_start(t->adapter), 0);
		}
	}
	cr_expect_gt(ready, 1000, "only %u sessions were opened", ready);
	cr_expect_gt(delivered, 1000, "%u", delivered);
	memset(t->faults, 0, sizeof(t->faults));
	for (i = 0; i < 3; i++)
		ibmvmc_session_put(sessions[i]);
	transport_free(t);
}
