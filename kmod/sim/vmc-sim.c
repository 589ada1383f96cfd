// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulated channel: creates and frees both ends, and runs them in turn. It
 * does not implement the transport between them: transport.c does.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "internal.h"

/* Largest number of entries that the engine handles in one round. */
#define SERVICE_ENTRIES 64

/* Number of attempts to free the queue of a busy hypervisor. */
#define STOP_TRIES 16

static void interrupt(void *host)
{
	struct vmc_sim *sim = host;

	sim->interrupted = true;
}

static const struct vmc_hv_host hv_host = {
	.interrupt = interrupt,
};

static u64 now_ms(void *host)
{
	struct vmc_sim *sim = host;

	return sim->host->now_ms(sim->host_data);
}

static void set_timer(void *host, u64 at_ms)
{
	struct vmc_sim *sim = host;

	sim->timer_ms = at_ms;
}

static void wake(void *host, struct ibmvmc_file_session *session)
{
	struct vmc_sim *sim = host;

	sim->woken = true;
	sim->host->wake(sim->host_data, session);
}

static void report(void *host, const struct ibmvmc_event *event)
{
	struct vmc_sim *sim = host;

	sim->host->report(sim->host_data, event);
}

const struct ibmvmc_host_ops vmc_sim_host_ops = {
	.now_ms = now_ms,
	.set_timer = set_timer,
	.wake = wake,
	.report = report,
};

/* Both ends run in one thread, so no lock is needed. */
static const struct vmc_sim_link_host link_host = {
	.now_ms = now_ms,
};

int vmc_sim_new(const struct ibmvmc_config *engine,
		const struct vmc_hv_config *hv, const struct vmc_sim_host *host,
		void *host_data, struct vmc_sim **result)
{
	struct ibmvmc_transport transport;
	struct vmc_sim *sim;
	int rc;

	sim = kvzalloc(sizeof(*sim), GFP_KERNEL);
	if (!sim)
		return -ENOMEM;
	sim->host = host;
	sim->host_data = host_data;
	sim->timer_ms = IBMVMC_TIMER_OFF;
	sim->link.host = &link_host;
	sim->link.host_data = sim;

	rc = vmc_hv_new(hv, &hv_host, sim, &sim->link.hv);
	if (rc)
		goto free_sim;
	transport = vmc_sim_link_transport(&sim->link);
	transport.direct = true;
	rc = ibmvmc_adapter_new(engine, &transport, &vmc_sim_host_ops, sim,
				&sim->adapter);
	if (rc)
		goto free_hv;

	*result = sim;
	return 0;

free_hv:
	vmc_hv_free(sim->link.hv);
free_sim:
	kvfree(sim);
	return rc;
}

void vmc_sim_free(struct vmc_sim *sim)
{
	unsigned int tries = STOP_TRIES;
	u32 delay_ms;

	if (!sim)
		return;
	/* Busy answers are injected faults, so no delay is needed. */
	while (ibmvmc_stop(sim->adapter, &delay_ms) == -EBUSY && --tries)
		;
	ibmvmc_adapter_free(sim->adapter);
	vmc_hv_free(sim->link.hv);
	kvfree(sim);
}

struct crq_server_adapter *vmc_sim_adapter(struct vmc_sim *sim)
{
	return sim->adapter;
}

struct vmc_hv *vmc_sim_hv(struct vmc_sim *sim)
{
	return sim->link.hv;
}

static bool run_timer(struct vmc_sim *sim, u64 now_ms)
{
	if (sim->timer_ms > now_ms)
		return false;
	sim->timer_ms = IBMVMC_TIMER_OFF;
	ibmvmc_timer(sim->adapter);
	return true;
}

/* Act as an interrupt handler: disable interrupts, then drain the queue. */
static bool run_service(struct vmc_sim *sim)
{
	if (!sim->interrupted)
		return false;
	sim->interrupted = false;
	vmc_hv_set_interrupts(sim->link.hv, false);
	if (ibmvmc_service(sim->adapter, SERVICE_ENTRIES))
		sim->interrupted = true;
	return true;
}

bool vmc_sim_run(struct vmc_sim *sim, unsigned int budget)
{
	bool more = true;
	u64 now_ms;

	sim->woken = false;
	while (more && budget-- && !sim->woken) {
		now_ms = sim->host->now_ms(sim->host_data);
		more = run_timer(sim, now_ms);
		more |= run_service(sim);
		more |= vmc_hv_step(sim->link.hv, now_ms);
		more |= sim->interrupted;
	}
	return more;
}

u64 vmc_sim_next(const struct vmc_sim *sim)
{
	if (sim->interrupted)
		return sim->host->now_ms(sim->host_data);
	return min(sim->timer_ms, vmc_hv_next_step(sim->link.hv));
}
