/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the simulated channel. Not for hosts: their view is sim.h.
 */
#ifndef VMC_SIM_INTERNAL_H
#define VMC_SIM_INTERNAL_H

#include <linux/types.h>

#include "link.h"
#include "sim.h"

/**
 * struct vmc_sim - an engine and a simulated hypervisor
 * @host: operations of the host
 * @host_data: their argument
 * @adapter: the partition's side
 * @link: what joins them; the hypervisor's side is in it
 * @interrupted: the hypervisor raised an interrupt that was not served
 * @woken: the host was told to look at a session, and has not had its turn
 * @timer_ms: when the engine wants its timer, or IBMVMC_TIMER_OFF
 */
struct vmc_sim {
	const struct vmc_sim_host *host;
	void *host_data;
	struct crq_server_adapter *adapter;
	struct vmc_sim_link link;
	bool interrupted;
	bool woken;
	u64 timer_ms;
};

/* What the engine is given of its host; its argument is the vmc_sim. */
extern const struct ibmvmc_host_ops vmc_sim_host_ops;

#endif
