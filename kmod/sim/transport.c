// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine's transport operations as calls of the simulated hypervisor, whose
 * answers become errnos here. Both sides share one address space: the I/O
 * address of mapped memory is its address.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "internal.h"
#include "vmc/hcall.h"

/* What a call that is to be repeated at once waits before it is. */
#define RETRY_MS 1

/* The errno that most operations have for an answer. */
static int to_errno(long rc, u32 *delay_ms)
{
	u32 delay = RETRY_MS;
	long unit;

	switch (rc) {
	case VMC_H_SUCCESS:
		return 0;
	case VMC_H_BUSY:
	case VMC_H_IN_PROGRESS:
		*delay_ms = delay;
		return -EBUSY;
	case VMC_H_LONG_BUSY_1_MSEC ... VMC_H_LONG_BUSY_100_SEC:
		for (unit = VMC_H_LONG_BUSY_1_MSEC; unit < rc; unit++)
			delay *= 10;
		*delay_ms = delay;
		return -EBUSY;
	default:
		return -EIO;
	}
}

static int sim_register_queue(void *transport)
{
	struct vmc_sim *sim = transport;

	switch (vmc_hv_register_queue(sim->hv, sim->ring,
				      VMC_CRQ_ENTRIES_4K)) {
	case VMC_H_SUCCESS:
	case VMC_H_CLOSED:
		return 0;
	case VMC_H_RESOURCE:
		return -EEXIST;
	default:
		return -EIO;
	}
}

static int sim_free_queue(void *transport, u32 *delay_ms)
{
	struct vmc_sim *sim = transport;

	return to_errno(vmc_hv_free_queue(sim->hv), delay_ms);
}

static int sim_enable_queue(void *transport, u32 *delay_ms)
{
	struct vmc_sim *sim = transport;

	return to_errno(vmc_hv_enable_queue(sim->hv), delay_ms);
}

static void sim_set_interrupts(void *transport, bool on)
{
	struct vmc_sim *sim = transport;

	vmc_hv_set_interrupts(sim->hv, on);
}

static int sim_send(void *transport, u64 word1, u64 word2)
{
	struct vmc_sim *sim = transport;

	switch (vmc_hv_send(sim->hv, word1, word2,
			    sim->host->now_ms(sim->host_data))) {
	case VMC_H_SUCCESS:
		return 0;
	case VMC_H_DROPPED:
		return -EAGAIN;
	case VMC_H_CLOSED:
		return -ENOTCONN;
	default:
		return -EIO;
	}
}

static int sim_copy_rdma(void *transport, enum ibmvmc_rdma direction, u64 ioba,
			 u32 lioba, u32 len)
{
	void *memory = (void *)(unsigned long)ioba;
	struct vmc_sim *sim = transport;
	long rc;

	if (direction == IBMVMC_RDMA_TO_HYPERVISOR)
		rc = vmc_hv_copy_in(sim->hv, lioba, memory, len);
	else
		rc = vmc_hv_copy_out(sim->hv, lioba, memory, len);

	switch (rc) {
	case VMC_H_SUCCESS:
		return 0;
	case VMC_H_PERMISSION:
		return -ENOTCONN;
	default:
		return -EIO;
	}
}

static int sim_request_vmc(void *transport, u32 *drc_index, u32 *delay_ms)
{
	struct vmc_sim *sim = transport;
	long rc = vmc_hv_request_vmc(sim->hv, drc_index);

	switch (rc) {
	case VMC_H_FUNCTION:
	case VMC_H_AUTHORITY:
	case VMC_H_NOT_AVAILABLE:
		return -EPERM;
	case VMC_H_RESOURCE:
		return -ENODEV;
	case VMC_H_PARAMETER:
		return -EINVAL;
	default:
		return to_errno(rc, delay_ms);
	}
}

static int sim_map(void *transport, void *memory, u32 size, u64 *ioba)
{
	*ioba = (unsigned long)memory;
	return 0;
}

static void sim_unmap(void *transport, u64 ioba, u32 size)
{
}

static u64 sim_now_ms(void *transport)
{
	struct vmc_sim *sim = transport;

	return sim->host->now_ms(sim->host_data);
}

static void sim_set_timer(void *transport, u64 at_ms)
{
	struct vmc_sim *sim = transport;

	sim->timer_ms = at_ms;
}

static void sim_wake(void *transport, struct ibmvmc_file_session *session)
{
	struct vmc_sim *sim = transport;

	sim->woken = true;
	sim->host->wake(sim->host_data, session);
}

static void sim_report(void *transport, const struct ibmvmc_event *event)
{
	struct vmc_sim *sim = transport;

	sim->host->report(sim->host_data, event);
}

const struct ibmvmc_transport_ops vmc_sim_transport_ops = {
	.register_queue = sim_register_queue,
	.free_queue = sim_free_queue,
	.enable_queue = sim_enable_queue,
	.set_interrupts = sim_set_interrupts,
	.send = sim_send,
	.copy_rdma = sim_copy_rdma,
	.request_vmc = sim_request_vmc,
	.map = sim_map,
	.unmap = sim_unmap,
	.now_ms = sim_now_ms,
	.set_timer = sim_set_timer,
	.wake = sim_wake,
	.report = sim_report,
};
