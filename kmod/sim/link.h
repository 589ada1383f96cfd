/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link: connects an engine to a simulated hypervisor in the same address space.
 * It does not run them: vmc-sim.c does so in one thread, sim-device.c in
 * several.
 */
#ifndef VMC_SIM_LINK_H
#define VMC_SIM_LINK_H

#include <linux/types.h>

#include "engine/transport.h"
#include "hv/hv.h"

/**
 * struct vmc_sim_link_host - operations of the host of a link
 * @now_ms: monotonic clock in milliseconds
 * @enter: lock the hypervisor for a call; may sleep; NULL if no lock is needed
 * @leave: unlock the hypervisor after a call, and let it run; NULL like @enter
 */
struct vmc_sim_link_host {
	u64 (*now_ms)(void *host);
	void (*enter)(void *host);
	void (*leave)(void *host);
};

/**
 * struct vmc_sim_link - connection of one engine to one hypervisor
 * @hv: hypervisor
 * @host: operations of the host; must outlive the link
 * @host_data: argument of these operations
 * @ring: queue of the partition
 */
struct vmc_sim_link {
	struct vmc_hv *hv;
	const struct vmc_sim_link_host *host;
	void *host_data;
	struct ibmvmc_crq_msg ring[VMC_CRQ_ENTRIES_4K];
};

/* Transport operations for the engine; their data is the vmc_sim_link. */
extern const struct ibmvmc_transport_ops vmc_sim_transport_ops;

/**
 * vmc_sim_link_transport() - get the transport of a link
 * @link: link; must outlive the adapter
 *
 * Return: the transport.
 */
static inline struct ibmvmc_transport
vmc_sim_link_transport(struct vmc_sim_link *link)
{
	return (struct ibmvmc_transport){
		.ops = &vmc_sim_transport_ops,
		.data = link,
		.ring = link->ring,
		.entries = VMC_CRQ_ENTRIES_4K,
	};
}

#endif
