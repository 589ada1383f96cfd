// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers are conserved: after any use of the channel, once it is at rest, the
 * partition and the hypervisor have the same buffers, and each of them has the
 * same owner in both books. None is lost, none exists on one side only. It is
 * the one test that looks into both sides at once.
 */
#include <criterion/criterion.h>

#include "engine/adapter.h"
#include "hv/internal.h"
#include "random-use.h"

#define SEEDS 25
#define STEPS 3000
#define STEPS_TO_A_REST 100

static struct random_use use;
static u32 seed;

/* Does the engine's half of a buffer fit to the hypervisor's? */
static bool halves_agree(const struct ibmvmc_buffer *ours,
			 const struct vmc_hv_connection *conn, unsigned int id)
{
	u8 state = conn->buffers[id].state;

	if (!ours->storage)
		return state == VMC_HV_BUFFER_NONE;
	if (ours->lioba != vmc_hv_buffer_lioba(conn, id))
		return false;
	/* At rest no message is in a buffer, and no Add Buffer on its way. */
	if (ours->owner == VMC_OWNER_PARTITION)
		return ours->free && state == VMC_HV_BUFFER_PARTITION;
	return state == VMC_HV_BUFFER_IDLE;
}

static unsigned int check_buffers(const struct ibmvmc_hmc *hmc,
				  const struct vmc_hv_connection *conn,
				  u16 pool)
{
	const struct ibmvmc_buffer *buffer;
	unsigned int id, known = 0;

	for (id = 0; id < pool; id++) {
		buffer = &hmc->buffers[id];
		cr_assert(halves_agree(buffer, conn, id),
			  "seed %u, index %u, buffer %u: engine %s owner %u free %u "
			  "lioba %x, hypervisor %u lioba %x; slot %u, connection %u",
			  seed, hmc->index, id,
			  buffer->storage ? "valid" : "none", buffer->owner,
			  buffer->free, buffer->lioba, conn->buffers[id].state,
			  vmc_hv_buffer_lioba(conn, id), hmc->state,
			  conn->state);
		known += buffer->storage != NULL;
	}
	for (; id < VMC_POOL_MAX; id++)
		cr_assert_eq(conn->buffers[id].state, VMC_HV_BUFFER_NONE);
	return known;
}

/* A session has the whole pool, an index without one has what opens the next. */
static void check_index(const struct ibmvmc_hmc *hmc, const struct vmc_hv *hv)
{
	const struct vmc_hv_connection *conn = &hv->connections[hmc->index];
	unsigned int known = check_buffers(hmc, conn, hv->pool);
	bool open = conn->state == VMC_HV_CONNECTION_OPEN;

	if (hmc->state == IBMVMC_HMC_READY) {
		cr_assert(open, "seed %u, index %u: open on one side only",
			  seed, hmc->index);
		cr_assert_eq(hmc->session, conn->session);
		cr_assert_eq(known, hv->pool, "seed %u, index %u: %u of %u",
			     seed, hmc->index, known, hv->pool);
		cr_assert(ibmvmc_session_writable(hmc->file_session),
			  "seed %u, index %u: nothing can be sent", seed,
			  hmc->index);
	} else {
		cr_assert_eq(hmc->state, IBMVMC_HMC_FREE,
			     "seed %u, index %u: still in state %u", seed,
			     hmc->index, hmc->state);
		cr_assert(!open, "seed %u, index %u: open on one side only",
			  seed, hmc->index);
		cr_assert_eq(known, 1, "seed %u, index %u: %u without session",
			     seed, hmc->index, known);
	}
}

static void check_books(void)
{
	const struct crq_server_adapter *adapter = vmc_sim_adapter(use.sim);
	const struct vmc_hv *hv = vmc_sim_hv(use.sim);

	cr_assert_eq(adapter->state, IBMVMC_STATE_READY, "seed %u: state %d",
		     seed, adapter->state);
	cr_assert_eq(hv->channel, VMC_HV_CHANNEL_READY);
	cr_assert_eq(adapter->hmcs, hv->hmcs);
	cr_assert_eq(adapter->pool, hv->pool);
	cr_assert_eq(adapter->mtu, hv->mtu);
	cr_assert_eq(adapter->pending.count, 0, "seed %u", seed);
	cr_assert_eq(hv->stats.violations, 0, "seed %u: %llu violations", seed,
		     (unsigned long long)hv->stats.violations);
	for (unsigned int i = 0; i < hv->hmcs; i++)
		check_index(&adapter->slots[i], hv);
	for (unsigned int i = hv->hmcs; i < hv->config.hmcs; i++)
		cr_assert_eq(hv->connections[i].counts[VMC_HV_BUFFER_NONE],
			     VMC_POOL_MAX);
}

static void check_seeds(const struct ibmvmc_config *engine,
			const struct vmc_hv_config *hv)
{
	for (seed = 1; seed <= SEEDS; seed++) {
		random_use_begin(&use, engine, hv, seed);
		for (int step = 1; step <= STEPS; step++) {
			random_use_step(&use);
			if (step % STEPS_TO_A_REST)
				continue;
			random_use_rest(&use);
			check_books();
		}
		/* It must not have been quiet all the time. */
		cr_assert_gt(use.ready, 0, "seed %u", seed);
		cr_assert_gt(use.taken, STEPS / 100, "seed %u", seed);
		random_use_end(&use);
	}
}

Test(conservation, one_index_and_the_smallest_queue)
{
	const struct ibmvmc_config engine = { 1, VMC_POOL_MIN, VMC_MTU_MIN };
	const struct vmc_hv_config hv = {
		1, VMC_POOL_MIN, VMC_MTU_MIN, VMC_CRQ_ENTRIES_MIN, 0
	};

	check_seeds(&engine, &hv);
}

Test(conservation, three_indices_and_a_large_queue)
{
	const struct ibmvmc_config engine = { 3, VMC_POOL_MIN, VMC_MTU_MIN };
	const struct vmc_hv_config hv = {
		3, VMC_POOL_MIN, VMC_MTU_MIN, VMC_CRQ_ENTRIES_4K, 0
	};

	check_seeds(&engine, &hv);
}

Test(conservation, a_partner_that_has_less)
{
	const struct ibmvmc_config engine = { 6, VMC_POOL_MAX, VMC_MTU_MAX };
	const struct vmc_hv_config hv = { 4, VMC_HV_POOL_MIN, 512, 64, 0 };

	check_seeds(&engine, &hv);
}

Test(conservation, a_partner_that_has_more)
{
	const struct ibmvmc_config engine = { 2, VMC_POOL_MIN, VMC_MTU_MIN };
	const struct vmc_hv_config hv = { 5, VMC_POOL_MAX, VMC_MTU_MAX, 32, 0 };

	check_seeds(&engine, &hv);
}
