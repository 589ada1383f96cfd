/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulated channel: a protocol engine and a simulated hypervisor in one
 * thread. Its host, such as the daemon or a test program, provides a clock and
 * runs it. It has no thread, timer or lock of its own.
 */
#ifndef VMC_SIM_H
#define VMC_SIM_H

#include <linux/types.h>

#include "engine/engine.h"
#include "hv/hv.h"

struct vmc_sim;

/**
 * struct vmc_sim_host - operations of a host
 * @now_ms: monotonic clock in milliseconds
 * @wake: see ibmvmc_host_ops.wake; must not call back
 * @report: see ibmvmc_host_ops.report; must not call back
 */
struct vmc_sim_host {
	u64 (*now_ms)(void *host);
	void (*wake)(void *host, struct ibmvmc_file_session *session);
	void (*report)(void *host, const struct ibmvmc_event *event);
};

/**
 * vmc_sim_new() - create both ends, with an empty queue
 * @engine: configuration of the partition's side
 * @hv: configuration of the hypervisor's side
 * @host: operations of the host; must outlive @sim
 * @host_data: argument of these operations
 * @sim: set on success; ibmvmc_start() has not been called
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int vmc_sim_new(const struct ibmvmc_config *engine,
		const struct vmc_hv_config *hv, const struct vmc_sim_host *host,
		void *host_data, struct vmc_sim **sim);

/**
 * vmc_sim_free() - stop the engine and free both ends
 * @sim: NULL is allowed
 */
void vmc_sim_free(struct vmc_sim *sim);

/**
 * vmc_sim_adapter() - get the partition's side
 * @sim: simulated channel
 *
 * Return: the adapter, owned by @sim.
 */
struct crq_server_adapter *vmc_sim_adapter(struct vmc_sim *sim);

/**
 * vmc_sim_hv() - get the hypervisor's side, for its knobs
 * @sim: simulated channel
 *
 * Return: the hypervisor, owned by @sim.
 */
struct vmc_hv *vmc_sim_hv(struct vmc_sim *sim);

/**
 * vmc_sim_run() - let both sides run
 * @sim: simulated channel
 * @budget: largest number of rounds; each handles a bounded number of entries
 *
 * Call it after each use of the adapter or the hypervisor, and at the time of
 * vmc_sim_next(). It also runs the engine's timer. It returns early after a
 * session was woken, so that the host can take a message, and thereby free a
 * buffer, before the hypervisor needs one.
 *
 * Return: true if there is more to do right now.
 */
bool vmc_sim_run(struct vmc_sim *sim, unsigned int budget);

/**
 * vmc_sim_next() - get the time of the next vmc_sim_run()
 * @sim: simulated channel
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE.
 */
u64 vmc_sim_next(const struct vmc_sim *sim);

#endif
