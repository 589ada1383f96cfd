// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random use: performs random actions on a simulated channel. The buffers of
 * both sides are compared elsewhere.
 */
#include "random-use.h"

#include <criterion/criterion.h>
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "hv/internal.h"
#include "vmc/payload.h"

/* Duration of a rest: longer than any timeout of the engine. */
#define REST_MS 40000
#define REST_SLICE_MS 500

/* Timeout of the opens. */
#define OPEN_MS 8000

/* Kind and number; the other bytes are derived from the number. */
#define MESSAGE_LEN_MIN 5
#define KIND_SENT 'S'
#define KIND_EMITTED 'E'

static u64 host_now(void *host)
{
	return ((struct random_use *)host)->now_ms;
}

static void host_wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
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

static u32 below(struct random_use *use, u32 limit)
{
	use->random = use->random * 1664525 + 1013904223;
	return (u32)((u64)use->random * limit >> 32);
}

static void run(struct random_use *use)
{
	unsigned int slices = 0;

	while (vmc_sim_run(use->sim, 100))
		cr_assert_lt(++slices, 100000,
			     "the channel stays busy for 100000 rounds");
}

static void run_for(struct random_use *use, u64 ms)
{
	u64 end = use->now_ms + ms;
	u64 next;

	for (;;) {
		run(use);
		next = vmc_sim_next(use->sim);
		if (next > end)
			break;
		cr_assert_gt(next, use->now_ms,
			     "the channel is idle, but the next run is due");
		use->now_ms = next;
	}
	use->now_ms = end;
	run(use);
}

static struct ibmvmc_session_info info_of(const struct random_user *user)
{
	struct ibmvmc_session_info info;

	ibmvmc_session_get_info(user->session, &info);
	return info;
}

/* Makes a message that its number identifies. */
static u32 make_message(const struct random_use *use, u8 kind, u32 number,
			u8 *data)
{
	u32 len = MESSAGE_LEN_MIN;

	len += (number * 2654435761u >> 7) % (use->mtu - MESSAGE_LEN_MIN + 1);
	data[0] = kind;
	memcpy(data + 1, &number, sizeof(number));
	for (u32 i = MESSAGE_LEN_MIN; i < len; i++)
		data[i] = (u8)(number * 31 + i * 7);
	return len;
}

static void check_numbered(const struct random_use *use, const u8 *data,
			   u32 len, u32 number)
{
	u8 expected[VMC_MTU_MAX];

	cr_assert_eq(make_message(use, data[0], number, expected), len,
		     "message %u", number);
	cr_assert_arr_eq(data, expected, len, "message %u", number);
}

static void finish(struct random_use *use, struct random_user *user)
{
	const u8 *data;
	char text[24] = "";
	u32 len;

	data = ibmvmc_storage_data(user->held, &len);
	/* An empty message only passes a buffer. */
	if (len && data[0] == KIND_SENT) {
		check_numbered(use, data, len, ++user->echoed);
	} else if (len && data[0] == KIND_EMITTED) {
		check_numbered(use, data, len, ++user->emits);
	} else if (len) {
		memcpy(text, data, min_t(u32, len, sizeof(text) - 1));
		cr_assert_eq(strtoull(text, NULL, 10), ++user->flood, "%s",
			     text);
	}
	ibmvmc_session_done(user->session, user->held);
	user->held = NULL;
	use->taken++;
}

static void do_open(struct random_use *use, struct random_user *user)
{
	static const u8 hmc_id[VMC_HMC_ID_LEN] = "random use";

	*user = (struct random_user){ 0 };
	user->session = ibmvmc_session_new(vmc_sim_adapter(use->sim), NULL);
	cr_assert_not_null(user->session);
	if (!ibmvmc_session_open(user->session,
				 (int)below(use, use->hmcs + 1) - 1, hmc_id,
				 below(use, 3) ? 0 : below(use, OPEN_MS)))
		return;
	ibmvmc_session_put(user->session);
	user->session = NULL;
}

static void do_close(struct random_use *use, struct random_user *user)
{
	if (below(use, 2))
		ibmvmc_session_close(user->session);
	if (user->held)
		finish(use, user);
	ibmvmc_session_put(user->session);
	user->session = NULL;
}

/* A request without a response leaves its buffer with the hypervisor. */
static void do_send_silent(struct random_user *user)
{
	const struct vmc_payload payload = {
		.length = VMC_PAYLOAD_HEADER_LEN,
		.target = VMC_TARGET_ROUTER,
		.opcode = VMC_ROUTER_ECHO,
	};
	u8 data[VMC_PAYLOAD_HEADER_LEN];

	vmc_payload_encode(data, &payload);
	ibmvmc_session_send(user->session, data, sizeof(data));
}

static void do_send(struct random_use *use, struct random_user *user)
{
	u32 count = 1 + below(use, 8);
	u8 data[VMC_MTU_MAX];
	u32 len;
	int rc = 0;

	if (!below(use, 4))
		do_send_silent(user);
	while (!rc && count--) {
		len = make_message(use, KIND_SENT, user->sent + 1, data);
		rc = ibmvmc_session_send(user->session, data, len);
		if (!rc)
			user->sent++;
	}
}

static void do_take(struct random_use *use, struct random_user *user)
{
	for (u32 i = below(use, 16); i; i--) {
		if (!user->held) {
			user->held = ibmvmc_session_receive(user->session);
		} else if (below(use, 8)) {
			finish(use, user);
		} else {
			ibmvmc_session_put_back(user->session, user->held);
			user->held = NULL;
		}
	}
}

/* Returns the user of an index if both sides agree on the session. */
static struct random_user *user_at(struct random_use *use, unsigned int index)
{
	const struct vmc_hv_connection *conn =
		&vmc_sim_hv(use->sim)->connections[index];
	struct ibmvmc_session_info info;

	for (int i = 0; i < RANDOM_USE_USERS; i++) {
		if (!use->users[i].session)
			continue;
		info = info_of(&use->users[i]);
		if ((info.state == IBMVMC_SESSION_OPENING ||
		     info.state == IBMVMC_SESSION_READY) &&
		    info.index == (int)index && info.session == conn->session)
			return &use->users[i];
	}
	return NULL;
}

/* A message without a receiver has an unexpected number. */
static void do_emit(struct random_use *use)
{
	unsigned int index = below(use, use->hmcs);
	struct random_user *user = user_at(use, index);
	u8 data[VMC_MTU_MAX];
	u32 len;

	len = make_message(use, KIND_EMITTED, user ? user->emitted + 1 : 0,
			   data);
	if (!vmc_hv_emit(vmc_sim_hv(use->sim), index, data, len) && user)
		user->emitted++;
}

static void do_flood(struct random_use *use)
{
	unsigned int index = below(use, use->hmcs);
	struct random_user *user = user_at(use, index);
	struct vmc_hv *hv = vmc_sim_hv(use->sim);
	u64 left = hv->connections[index].flood_left;
	u32 count = 1 + below(use, 50);

	if (left && !below(use, 4)) {
		vmc_hv_flood(hv, index, 0, 1);
		if (user)
			user->flood_count -= left;
	} else if (user && user->flood == user->flood_count &&
		   !vmc_hv_flood(hv, index, count, 8 + below(use, 100))) {
		user->flood = 0;
		user->flood_count = count;
	}
}

static void do_break(struct random_use *use)
{
	static const u8 events[] = {
		VMC_EVENT_PARTNER_FAILED,
		VMC_EVENT_PARTNER_DEREGISTERED,
		VMC_EVENT_PARTNER_TERMINATED,
		VMC_EVENT_MIGRATED,
	};
	struct crq_server_adapter *adapter = vmc_sim_adapter(use->sim);
	u32 what = below(use, 7), delay_ms;

	if (what < 4) {
		vmc_hv_transport_event(vmc_sim_hv(use->sim), events[what]);
	} else if (what == 4) {
		ibmvmc_restart(adapter);
	} else if (what == 5) {
		ibmvmc_resume(adapter);
	} else if (!ibmvmc_stop(adapter, &delay_ms)) {
		cr_assert_eq(ibmvmc_start(adapter), 0);
	}
}

static void do_user(struct random_use *use, struct random_user *user)
{
	u32 what = below(use, 100);

	if (!user->session)
		do_open(use, user);
	else if (what < 5 || info_of(user).state == IBMVMC_SESSION_DEAD)
		do_close(use, user);
	else if (what < 55)
		do_send(use, user);
	else
		do_take(use, user);
}

void random_use_step(struct random_use *use)
{
	struct random_user *user = &use->users[below(use, use->hmcs + 2)];
	struct vmc_hv *hv = vmc_sim_hv(use->sim);
	u32 what = below(use, 100);

	if (what < 70)
		do_user(use, user);
	else if (what < 76)
		do_emit(use);
	else if (what < 80)
		do_flood(use);
	else if (what < 83)
		vmc_hv_stall(hv, !below(use, 3));
	else if (what < 86)
		vmc_hv_set_delay(hv, below(use, 2) ? 0 : below(use, 300));
	else if (what < 89)
		vmc_hv_set_refused(hv, VMC_HV_REQUEST_OPEN, !below(use, 4));
	else if (what < 90 && !below(use, 3))
		do_break(use);
	else if (what < 92)
		run_for(use, below(use, 4000));
	else
		run_for(use, below(use, 20));
	vmc_sim_run(use->sim, below(use, 3));
}

static bool take_all(struct random_use *use)
{
	struct random_user *user;
	bool any = false;

	for (user = use->users; user < use->users + RANDOM_USE_USERS; user++) {
		if (!user->session)
			continue;
		if (!user->held)
			user->held = ibmvmc_session_receive(user->session);
		while (user->held) {
			any = true;
			finish(use, user);
			user->held = ibmvmc_session_receive(user->session);
		}
	}
	return any;
}

static void come_to_rest(struct random_use *use)
{
	u64 end = use->now_ms + REST_MS;

	while (take_all(use) || use->now_ms < end)
		run_for(use, REST_SLICE_MS);
}

static void check_messages(struct random_use *use,
			   const struct random_user *user)
{
	cr_assert_eq(user->echoed, user->sent, "%u of %u messages were echoed",
		     user->echoed, user->sent);
	cr_assert_eq(user->emits, user->emitted,
		     "%u of %u emitted messages arrived", user->emits,
		     user->emitted);
	cr_assert_eq(user->flood, user->flood_count);
	use->ready++;
}

void random_use_rest(struct random_use *use)
{
	struct vmc_hv *hv = vmc_sim_hv(use->sim);
	struct ibmvmc_info info;

	vmc_hv_stall(hv, false);
	vmc_hv_set_delay(hv, 0);
	vmc_hv_set_refused(hv, VMC_HV_REQUEST_OPEN, false);
	come_to_rest(use);
	ibmvmc_get_info(vmc_sim_adapter(use->sim), &info);
	if (info.state == IBMVMC_STATE_FAILED) {
		/*
		 * The channel has failed during the silence; an event revives
		 * it.
		 */
		vmc_hv_transport_event(hv, VMC_EVENT_PARTNER_FAILED);
		come_to_rest(use);
	}
	for (int i = 0; i < RANDOM_USE_USERS; i++)
		if (use->users[i].session &&
		    info_of(&use->users[i]).state == IBMVMC_SESSION_READY)
			check_messages(use, &use->users[i]);
}

void random_use_begin(struct random_use *use,
		      const struct ibmvmc_config *engine,
		      const struct vmc_hv_config *hv, u32 seed)
{
	cr_assert_leq(hv->hmcs + 2, RANDOM_USE_USERS);
	*use = (struct random_use){
		.hmcs = min(engine->max_hmcs, hv->hmcs),
		.mtu = min(engine->max_mtu, hv->mtu),
		.now_ms = 5000,
		.random = seed,
	};
	cr_assert_eq(vmc_sim_new(engine, hv, &host, use, &use->sim), 0);
	cr_assert_eq(ibmvmc_start(vmc_sim_adapter(use->sim)), 0);
	run(use);
}

void random_use_end(struct random_use *use)
{
	for (int i = 0; i < RANDOM_USE_USERS; i++) {
		if (use->users[i].held)
			ibmvmc_session_done(use->users[i].session,
					    use->users[i].held);
		ibmvmc_session_put(use->users[i].session);
	}
	vmc_sim_free(use->sim);
}
