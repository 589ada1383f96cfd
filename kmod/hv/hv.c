// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypervisor object: creates, frees and steps the simulated hypervisor, and
 * returns its counters. A step takes entries from the inbox and sends entries
 * to the partition. It does not interpret them: protocol.c and outbound.c do.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

static bool config_valid(const struct vmc_hv_config *config)
{
	return config->hmcs >= VMC_HMCS_MIN && config->hmcs <= VMC_HMCS_MAX &&
	       config->pool >= VMC_HV_POOL_MIN &&
	       config->pool <= VMC_POOL_MAX && config->mtu >= VMC_HV_MTU_MIN &&
	       config->mtu <= VMC_MTU_MAX &&
	       config->crq_entries >= VMC_CRQ_ENTRIES_MIN &&
	       config->crq_entries <= VMC_CRQ_ENTRIES_4K &&
	       is_power_of_2(config->crq_entries) &&
	       config->delay_ms <= VMC_HV_DELAY_MAX_MS;
}

int vmc_hv_new(const struct vmc_hv_config *config,
	       const struct vmc_hv_host *host, void *host_data,
	       struct vmc_hv **result)
{
	size_t blocks;
	struct vmc_hv *hv;
	unsigned int i;

	if (!config_valid(config))
		return -EINVAL;

	hv = kzalloc(sizeof(*hv), GFP_KERNEL);
	if (!hv)
		return -ENOMEM;
	hv->config = *config;
	hv->offer.hmcs = config->hmcs;
	hv->offer.pool = config->pool;
	hv->offer.mtu = config->mtu;
	hv->host = host;
	hv->host_data = host_data;

	blocks = config->pool + VMC_HV_EMIT_DEPTH;
	hv->inbox =
		kvcalloc(config->crq_entries, sizeof(*hv->inbox), GFP_KERNEL);
	hv->connections =
		kvcalloc(config->hmcs, sizeof(*hv->connections), GFP_KERNEL);
	hv->memory = kvcalloc(config->hmcs * blocks, config->mtu, GFP_KERNEL);
	if (!hv->inbox || !hv->connections || !hv->memory) {
		vmc_hv_free(hv);
		return -ENOMEM;
	}

	for (i = 0; i < config->hmcs; i++) {
		hv->connections[i].index = (u8)i;
		hv->connections[i].busy = &hv->busy;
		vmc_hv_connection_set_busy(&hv->connections[i], true);
		hv->connections[i].memory =
			hv->memory + i * blocks * config->mtu;
		vmc_hv_connection_restart(&hv->connections[i]);
	}

	*result = hv;
	return 0;
}

void vmc_hv_free(struct vmc_hv *hv)
{
	if (!hv)
		return;
	kvfree(hv->memory);
	kvfree(hv->connections);
	kvfree(hv->inbox);
	kfree(hv);
}

/* Returns the time at which the oldest entry may be taken, or VMC_HV_IDLE. */
static u64 inbox_due(const struct vmc_hv *hv)
{
	if (!hv->inbox_count || hv->outbox_count == VMC_HV_OUTBOX)
		return VMC_HV_IDLE;
	return hv->inbox[hv->inbox_head].at_ms + hv->config.delay_ms;
}

static bool take_entry(struct vmc_hv *hv)
{
	struct vmc_hv_arrival arrival;

	if (inbox_due(hv) > hv->now_ms)
		return false;

	arrival = hv->inbox[hv->inbox_head];
	hv->inbox_head = (hv->inbox_head + 1) % hv->config.crq_entries;
	hv->inbox_count--;
	hv->stats.received++;
	/* Mark the fault twice: handling the entry may end its session. */
	if (arrival.verdict.faulted)
		vmc_hv_fault_mark(hv, &arrival.msg);
	hv->refusing = arrival.verdict.refused;
	vmc_hv_protocol_take(hv, &arrival.msg);
	hv->refusing = false;
	if (arrival.verdict.faulted)
		vmc_hv_fault_mark(hv, &arrival.msg);
	return true;
}

/* Responses go first: an Open Response precedes the session's messages. */
static bool send_entry(struct vmc_hv *hv)
{
	unsigned int i, turn;

	if (!hv->outbox_count && !hv->busy)
		return false;
	if (!vmc_hv_ring_room(hv))
		return false;

	if (hv->outbox_count) {
		vmc_hv_post(hv, &hv->outbox[hv->outbox_head]);
		hv->outbox_head = (hv->outbox_head + 1) % VMC_HV_OUTBOX;
		hv->outbox_count--;
		return true;
	}

	for (i = 0; hv->busy && i < hv->config.hmcs; i++) {
		turn = hv->turn;
		hv->turn = turn + 1 < hv->config.hmcs ? turn + 1 : 0;
		if (hv->busy >> turn & 1 &&
		    vmc_hv_outbound_send(hv, &hv->connections[turn]))
			return true;
	}
	return false;
}

static bool at_work(const struct vmc_hv *hv)
{
	return hv->ring && !hv->disabled && !hv->freeing && !hv->away &&
	       !hv->stalled;
}

bool vmc_hv_step_once(struct vmc_hv *hv, u64 now_ms)
{
	bool taken, sent, released;

	hv->now_ms = max(hv->now_ms, now_ms);
	if (!at_work(hv))
		return false;

	released = vmc_hv_fault_release(hv);
	taken = take_entry(hv);
	sent = send_entry(hv);
	return released || taken || sent;
}

bool vmc_hv_step(struct vmc_hv *hv, u64 now_ms)
{
	unsigned int i;

	for (i = 0; i < VMC_HV_STEP_ENTRIES; i++)
		if (!vmc_hv_step_once(hv, now_ms))
			return false;
	return true;
}

u64 vmc_hv_next_step(const struct vmc_hv *hv)
{
	u64 next = VMC_HV_IDLE, due;
	unsigned int i;

	if (!at_work(hv))
		return VMC_HV_IDLE;

	if (hv->outbox_count)
		next = hv->now_ms;
	next = min(next, vmc_hv_fault_due(hv));
	for (i = 0; i < hv->config.hmcs && hv->busy >> i; i++) {
		if (!(hv->busy >> i & 1))
			continue;
		due = vmc_hv_outbound_next(hv, &hv->connections[i]);
		next = min(next, due);
	}

	/*
	 * The partition does not notify this side of room in a full queue, so
	 * poll it.
	 */
	if (next <= hv->now_ms && !vmc_hv_ring_room(hv))
		next = hv->now_ms + VMC_HV_RETRY_MS;

	return min(next, inbox_due(hv));
}

void vmc_hv_get_stats(const struct vmc_hv *hv, struct vmc_hv_stats *stats)
{
	unsigned int i;

	*stats = hv->stats;
	stats->flood_left = 0;
	for (i = 0; i < hv->config.hmcs; i++)
		stats->flood_left += hv->connections[i].flood_left;
}

int vmc_hv_get_hmc_id(const struct vmc_hv *hv, unsigned int index,
		      u8 hmc_id[VMC_HMC_ID_LEN])
{
	const struct vmc_hv_connection *conn;

	if (index >= hv->config.hmcs)
		return -EINVAL;
	conn = &hv->connections[index];
	if (conn->state != VMC_HV_CONNECTION_OPEN)
		return -ENOTCONN;
	memcpy(hmc_id, conn->hmc_id, VMC_HMC_ID_LEN);
	return 0;
}
