// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The knobs of the simulated hypervisor that are about the channel: make it
 * slow, silent, absent or unwilling, put any entry into the partition's queue,
 * or let the channel break. Those that make it send
 * messages are in outbound.c.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "internal.h"

void vmc_hv_stall(struct vmc_hv *hv, bool on)
{
	hv->stalled = on;
}

int vmc_hv_set_delay(struct vmc_hv *hv, u32 delay_ms)
{
	if (delay_ms > VMC_HV_DELAY_MAX_MS)
		return -EINVAL;
	hv->config.delay_ms = delay_ms;
	return 0;
}

void vmc_hv_set_refused(struct vmc_hv *hv, enum vmc_hv_request request,
			bool refused)
{
	hv->refused[request] = refused;
}

void vmc_hv_get_knobs(const struct vmc_hv *hv, struct vmc_hv_knobs *knobs)
{
	knobs->present = !hv->away;
	knobs->stalled = hv->stalled;
	knobs->delay_ms = hv->config.delay_ms;
	memcpy(knobs->refused, hv->refused, sizeof(knobs->refused));
}

void vmc_hv_set_partner(struct vmc_hv *hv, bool present)
{
	if (present == !hv->away)
		return;
	hv->away = !present;
	vmc_hv_protocol_restart(hv);
	if (present && hv->ring) {
		hv->arriving = true;
		vmc_hv_protocol_init(hv, VMC_INIT_INITIALIZE);
	}
}

int vmc_hv_entry(struct vmc_hv *hv, u64 word1, u64 word2)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_from_words(&msg, word1, word2);
	if (vmc_crq_header(&msg) == VMC_CRQ_FREE)
		return -EINVAL;
	if (!hv->ring)
		return -ENOTCONN;
	if (vmc_hv_ring_full(hv))
		return -EBUSY;
	vmc_hv_ring_post(hv, &msg);
	return 0;
}

int vmc_hv_transport_event(struct vmc_hv *hv, u8 kind)
{
	bool migrated = kind == VMC_EVENT_MIGRATED;

	if (!migrated && kind != VMC_EVENT_PARTNER_FAILED &&
	    kind != VMC_EVENT_PARTNER_DEREGISTERED &&
	    kind != VMC_EVENT_PARTNER_TERMINATED)
		return -EINVAL;
	if (!hv->ring)
		return -ENOTCONN;

	vmc_hv_protocol_restart(hv);
	vmc_hv_ring_event(hv, kind);
	if (migrated) {
		hv->disabled = true;
		hv->enabling = false;
	} else {
		/* It waits for room in the queue, or for the end of a stall. */
		vmc_hv_protocol_init(hv, VMC_INIT_INITIALIZE);
	}
	return 0;
}
