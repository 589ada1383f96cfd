// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The knobs of the simulated hypervisor that are about the channel: make it
 * slow, silent or unwilling, or let the channel break. Those that make it send
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
	knobs->stalled = hv->stalled;
	knobs->delay_ms = hv->config.delay_ms;
	memcpy(knobs->refused, hv->refused, sizeof(knobs->refused));
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
