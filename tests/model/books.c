// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Books: compares the buffers of both sides. This file alone reads the
 * internals of both sides; it changes neither.
 */
#include "books.h"

#include <stdio.h>

#include "engine/internal.h"
#include "hv/internal.h"

static char wrong[256];

/* clang-format off */
#define WRONG(...) \
	(snprintf(wrong, sizeof(wrong), __VA_ARGS__), wrong)

/* clang-format on */

/* Compares one buffer of the engine with that of the hypervisor. */
static bool halves_agree(const struct ibmvmc_buffer *ours,
			 const struct vmc_hv_connection *conn, unsigned int id)
{
	u8 state = conn->buffers[id].state;

	if (!ours->storage)
		return state == VMC_HV_BUFFER_NONE;
	if (ours->lioba != vmc_hv_buffer_lioba(conn, id))
		return false;
	/* At rest no buffer has a message, and no Add Buffer is in progress. */
	if (ours->owner == VMC_OWNER_PARTITION)
		return ours->free && state == VMC_HV_BUFFER_PARTITION;
	return state == VMC_HV_BUFFER_IDLE;
}

static const char *check_buffers(const struct ibmvmc_hmc *hmc,
				 const struct vmc_hv_connection *conn, u16 pool,
				 unsigned int *known)
{
	const struct ibmvmc_buffer *buffer;
	unsigned int id;

	*known = 0;
	for (id = 0; id < pool; id++) {
		buffer = &hmc->buffers[id];
		if (!halves_agree(buffer, conn, id))
			return WRONG(
				"index %u, buffer %u: engine %s owner %u free %u lioba %x, hypervisor %u lioba %x; state %u, hypervisor state %u",
				hmc->index, id,
				buffer->storage ? "valid" : "none",
				buffer->owner, buffer->free, buffer->lioba,
				conn->buffers[id].state,
				vmc_hv_buffer_lioba(conn, id), hmc->state,
				conn->state);
		*known += buffer->storage != NULL;
	}
	for (; id < VMC_POOL_MAX; id++)
		if (conn->buffers[id].state != VMC_HV_BUFFER_NONE)
			return WRONG("index %u: buffer %u beyond the pool",
				     hmc->index, id);
	return NULL;
}

static const char *check_index(const struct ibmvmc_hmc *hmc,
			       const struct vmc_hv *hv, unsigned int removed)
{
	const struct vmc_hv_connection *conn = &hv->connections[hmc->index];
	bool open = conn->state == VMC_HV_CONNECTION_OPEN;
	bool ready = hmc->state == IBMVMC_HMC_READY;
	const char *error;
	unsigned int known;

	error = check_buffers(hmc, conn, hv->pool, &known);
	if (error)
		return error;
	if (!ready && hmc->state != IBMVMC_HMC_FREE)
		return WRONG("index %u: state %u although idle", hmc->index,
			     hmc->state);
	if (open != ready || (ready && hmc->session != conn->session))
		return WRONG("index %u: only one side has a session",
			     hmc->index);
	if (known != (ready ? hv->pool - removed : 1))
		return WRONG("index %u: %u buffers, %s a session", hmc->index,
			     known, ready ? "with" : "without");
	if (ready && !ibmvmc_session_writable(hmc->file_session))
		return WRONG("index %u: no buffer to send with", hmc->index);
	return NULL;
}

const char *books_disagree(struct vmc_sim *sim, unsigned int removed)
{
	const struct crq_server_adapter *adapter = vmc_sim_adapter(sim);
	const struct vmc_hv *hv = vmc_sim_hv(sim);
	const char *error = NULL;

	if (adapter->state != IBMVMC_STATE_READY ||
	    hv->channel != VMC_HV_CHANNEL_READY)
		return WRONG("the channel is in state %d", adapter->state);
	if (adapter->negotiated.hmcs != hv->hmcs ||
	    adapter->negotiated.pool != hv->pool ||
	    adapter->negotiated.mtu != hv->mtu)
		return WRONG("both sides negotiated different limits");
	if (adapter->pending.count)
		return WRONG("%u entries wait to be sent",
			     adapter->pending.count);
	if (hv->stats.violations)
		return WRONG("%llu violations",
			     (unsigned long long)hv->stats.violations);
	for (unsigned int i = 0; !error && i < hv->hmcs; i++)
		error = check_index(&adapter->connections[i], hv, removed);
	for (unsigned int i = hv->hmcs; !error && i < hv->config.hmcs; i++)
		if (hv->connections[i].counts[VMC_HV_BUFFER_NONE] !=
		    VMC_POOL_MAX)
			error = WRONG("index %u: buffers beyond the limit", i);
	return error;
}
