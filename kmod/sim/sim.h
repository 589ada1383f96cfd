/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated channel: a protocol engine and a simulated hypervisor joined
 * by a transport that turns the one's operations into the other's calls. Its
 * host gives it a clock and runs it; the daemon and the test programs are such
 * hosts. It has no thread, timer or lock
 * of its own.
 */
#ifndef VMC_SIM_H
#define VMC_SIM_H

#include <linux/types.h>

#include "engine/engine.h"
#include "hv/hv.h"

struct vmc_sim;

/**
 * struct vmc_sim_host - what a host provides
 * @now_ms: a clock that never goes back
 * @wake: as ibmvmc_host_ops.wake; must not call back
 * @report: as ibmvmc_host_ops.report; must not call back
 */
struct vmc_sim_host {
	u64 (*now_ms)(void *host);
	void (*wake)(void *host, struct ibmvmc_file_session *session);
	void (*report)(void *host, const struct ibmvmc_event *event);
};

/**
 * vmc_sim_new() - make both ends, with an empty queue between them
 * @engine: the partition's side
 * @hv: the hypervisor's side
 * @host: must outlive the result
 * @host_data: handed to the operations of @host
 * @sim: the result, on success; ibmvmc_start() has not been called
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int vmc_sim_new(const struct ibmvmc_config *engine,
		const struct vmc_hv_config *hv, const struct vmc_sim_host *host,
		void *host_data, struct vmc_sim **sim);

/**
 * vmc_sim_free() - stop the engine and end both
 * @sim: NULL is allowed
 */
void vmc_sim_free(struct vmc_sim *sim);

/**
 * vmc_sim_adapter() - the partition's side
 * @sim: any
 */
struct crq_server_adapter *vmc_sim_adapter(struct vmc_sim *sim);

/**
 * vmc_sim_hv() - the hypervisor's side, for its knobs
 * @sim: any
 */
struct vmc_hv *vmc_sim_hv(struct vmc_sim *sim);

/**
 * vmc_sim_run() - let both sides work on what there is
 * @sim: any
 * @budget: rounds at most; each handles a bounded number of entries
 *
 * Call it after each use of the adapter or the hypervisor, and when the time
 * of vmc_sim_next() has come. It also fires the engine's timer. When the host
 * was told to look at a session it gets its turn before the hypervisor does: a
 * message that is taken frees a buffer which the hypervisor may want.
 *
 * Return: true if there is more to do right now.
 */
bool vmc_sim_run(struct vmc_sim *sim, unsigned int budget);

/**
 * vmc_sim_next() - when vmc_sim_run() is wanted next
 * @sim: any
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE.
 */
u64 vmc_sim_next(const struct vmc_sim *sim);

#endif
