/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transport of the simulated channel: an engine's operations as calls of a
 * simulated hypervisor in the same address space. It joins the two and runs
 * neither; sim.h does that where one thread does all, the kernel module
 * ibmvmc-sim where many do.
 */
#ifndef VMC_SIM_LINK_H
#define VMC_SIM_LINK_H

#include <linux/types.h>

#include "engine/transport.h"
#include "hv/hv.h"

/**
 * struct vmc_sim_link_host - what the host of a link provides
 * @now_ms: a clock that never goes back
 * @enter: begin a call of the hypervisor: nobody else calls it until @leave.
 *	May sleep. NULL where there is nobody else
 * @leave: the call is over, and the hypervisor may have something to do; NULL
 *	as @enter
 */
struct vmc_sim_link_host {
	u64 (*now_ms)(void *host);
	void (*enter)(void *host);
	void (*leave)(void *host);
};

/**
 * struct vmc_sim_link - one engine's way to one hypervisor
 * @hv: the hypervisor
 * @host: must outlive it
 * @host_data: handed to the operations of @host
 * @ring: the partition's queue
 */
struct vmc_sim_link {
	struct vmc_hv *hv;
	const struct vmc_sim_link_host *host;
	void *host_data;
	struct ibmvmc_crq_msg ring[VMC_CRQ_ENTRIES_4K];
};

/* The engine's way to the simulated hypervisor; its data is the vmc_sim_link.
 */
extern const struct ibmvmc_transport_ops vmc_sim_transport_ops;

/**
 * vmc_sim_link_transport() - what an engine is told of a link
 * @link: any; must outlive the adapter
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
