// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target of the queue: passes random CRQ entries, user calls and faults
 * of the hypervisor to the protocol engine. It checks only that the channel
 * becomes idle.
 */
#include <errno.h>

#include "hv/fault.h"
#include "input.h"
#include "sim/vmc-sim.h"

#define USERS 4
#define STEPS 600
#define ROUNDS 20000

struct user {
	struct ibmvmc_file_session *session;
	struct ibmvmc_storage *held;
};

struct world {
	struct input input;
	struct vmc_sim *sim;
	u64 now_ms;
	struct user users[USERS];
};

static u64 now_ms(void *host)
{
	return ((struct world *)host)->now_ms;
}

static void wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
}

static void report(void *host, const struct ibmvmc_event *event)
{
	(void)host;
	(void)event;
}

static void run(struct world *world)
{
	unsigned int rounds = 0;

	while (vmc_sim_run(world->sim, 100))
		INPUT_CHECK(++rounds < ROUNDS);
}

static void run_for(struct world *world, u64 ms)
{
	u64 end = world->now_ms + ms;
	u64 next;

	for (unsigned int rounds = 0; rounds < 1000; rounds++) {
		run(world);
		next = vmc_sim_next(world->sim);
		if (next > end)
			break;
		INPUT_CHECK(next > world->now_ms);
		world->now_ms = next;
	}
	world->now_ms = end;
	run(world);
}

static void do_entry(struct world *world)
{
	static const u8 heads[] = { 0x80, 0xc0, 0xff };
	u64 head = heads[input_number(&world->input, 1) % sizeof(heads)];
	u64 word1 = head << 56 | input_number(&world->input, 7);

	vmc_hv_entry(vmc_sim_hv(world->sim), word1,
		     input_number(&world->input, 8));
}

static void do_raw_entry(struct world *world)
{
	u64 word1 = input_number(&world->input, 8);

	vmc_hv_entry(vmc_sim_hv(world->sim), word1,
		     input_number(&world->input, 8));
}

static void put(struct user *user)
{
	if (user->held)
		ibmvmc_session_done(user->session, user->held);
	ibmvmc_session_put(user->session);
	*user = (struct user){ 0 };
}

static void do_open(struct world *world, struct user *user)
{
	static const u8 hmc_id[VMC_HMC_ID_LEN] = "fuzz";
	int index = (int)(input_number(&world->input, 1) % 5) - 1;
	u32 timeout_ms = (u32)input_number(&world->input, 2);

	if (user->session)
		return;
	user->session = ibmvmc_session_new(vmc_sim_adapter(world->sim), NULL);
	if (ibmvmc_session_open(user->session, index, hmc_id, timeout_ms))
		put(user);
}

static void do_send(struct world *world, struct user *user)
{
	u32 len = (u32)input_number(&world->input, 2);
	size_t taken;
	const uint8_t *data = input_bytes(&world->input, len, &taken);

	if (user->session)
		ibmvmc_session_send(user->session, data, (u32)taken);
}

static void do_receive(struct user *user, bool put_back)
{
	const uint8_t *data;
	u32 len, sum = 0;

	if (user->session && !user->held)
		user->held = ibmvmc_session_receive(user->session);
	if (!user->held)
		return;
	data = ibmvmc_storage_data(user->held, &len);
	for (u32 i = 0; i < len; i++)
		sum += data[i];
	INPUT_CHECK(sum <= len * 255u);
	if (put_back)
		ibmvmc_session_put_back(user->session, user->held);
	else
		ibmvmc_session_done(user->session, user->held);
	user->held = NULL;
}

static void do_user(struct world *world)
{
	u8 what = (u8)input_number(&world->input, 1);
	struct user *user = &world->users[what % USERS];

	switch (what / USERS % 6) {
	case 0:
		do_open(world, user);
		break;
	case 1:
		do_send(world, user);
		break;
	case 2:
		do_receive(user, what >= 128);
		break;
	case 3:
		if (user->session && !user->held)
			user->held = ibmvmc_session_receive(user->session);
		break;
	case 4:
		if (user->session)
			ibmvmc_session_close(user->session);
		break;
	default:
		put(user);
	}
}

static void do_fault(struct world *world)
{
	struct vmc_hv_fault fault = { 0 };
	size_t taken;
	const uint8_t *text = input_bytes(
		&world->input, input_number(&world->input, 1) % 64, &taken);

	if (!vmc_hv_fault_parse((const char *)text, taken, &fault))
		vmc_hv_fault_add(vmc_sim_hv(world->sim), &fault);
}

static void do_hypervisor(struct world *world)
{
	struct vmc_hv *hv = vmc_sim_hv(world->sim);
	u8 what = (u8)input_number(&world->input, 1);
	u32 number = (u32)input_number(&world->input, 2);

	switch (what % 9) {
	case 0:
		vmc_hv_stall(hv, number & 1);
		break;
	case 1:
		vmc_hv_set_delay(hv, number % 100);
		break;
	case 2:
		vmc_hv_set_refused(hv,
				   number & 2 ? VMC_HV_REQUEST_VMC :
						VMC_HV_REQUEST_OPEN,
				   number & 1);
		break;
	case 3:
		vmc_hv_set_partner(hv, number & 1);
		break;
	case 4:
		vmc_hv_transport_event(hv, (u8)number);
		break;
	case 5:
		vmc_hv_emit(hv, what / 9 % 5, "emitted", 7);
		break;
	case 6:
		vmc_hv_flood(hv, what / 9 % 5, number % 200, 1 + number % 100);
		break;
	case 7:
		vmc_hv_fault_clear(hv);
		break;
	default:
		do_fault(world);
	}
}

static void do_driver(struct world *world)
{
	struct crq_server_adapter *adapter = vmc_sim_adapter(world->sim);
	u32 delay_ms, drc_index;

	switch (input_number(&world->input, 1) % 4) {
	case 0:
		ibmvmc_restart(adapter);
		break;
	case 1:
		ibmvmc_resume(adapter);
		break;
	case 2:
		ibmvmc_request_vmc(adapter, &drc_index, &delay_ms);
		break;
	default:
		if (!ibmvmc_stop(adapter, &delay_ms))
			ibmvmc_start(adapter);
	}
}

static void step(struct world *world)
{
	switch (input_number(&world->input, 1) % 8) {
	case 0:
		do_entry(world);
		break;
	case 1:
		do_raw_entry(world);
		break;
	case 2:
		do_hypervisor(world);
		break;
	case 3:
		do_driver(world);
		break;
	case 4:
		run_for(world, input_number(&world->input, 2));
		break;
	case 5:
		run(world);
		break;
	default:
		do_user(world);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vmc_sim_host host = { now_ms, wake, report };
	static const struct ibmvmc_config engine = { 3, VMC_POOL_MIN,
						     VMC_MTU_MIN, 0 };
	static const struct vmc_hv_config hv = {
		.hmcs = 3,
		.pool = 8,
		.mtu = VMC_MTU_MIN,
		.crq_entries = 32,
	};
	struct world world = { .input = { data, size }, .now_ms = 1000 };

	INPUT_CHECK(!vmc_sim_new(&engine, &hv, &host, &world, &world.sim));
	ibmvmc_start(vmc_sim_adapter(world.sim));
	run(&world);
	for (int i = 0; i < STEPS && world.input.left; i++)
		step(&world);
	run(&world);
	for (int i = 0; i < USERS; i++)
		put(&world.users[i]);
	vmc_sim_free(world.sim);
	return 0;
}
