/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internals of the simulated channel, for vmc-sim.c and for tests. Hosts do not
 * include this header, but vmc-sim.h.
 */
#ifndef VMC_SIM_INTERNAL_H
#define VMC_SIM_INTERNAL_H

#include <linux/types.h>

#include "link.h"
#include "vmc-sim.h"

/**
 * struct vmc_sim - an engine and a simulated hypervisor
 * @host: operations of the host
 * @host_data: argument of these operations
 * @adapter: side of the partition
 * @link: transport, which contains the hypervisor's side
 * @interrupted: true if an interrupt is pending
 * @woken: true if a session was woken, so that the host must run first
 * @timer_ms: time at which the engine's timer expires, or IBMVMC_TIMER_OFF
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

/* Host operations for the engine; their argument is the vmc_sim. */
extern const struct ibmvmc_host_ops vmc_sim_host_ops;

#endif
