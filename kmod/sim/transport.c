// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine's transport operations as calls of the simulated hypervisor, whose
 * answers become errnos here. Both sides share one address space: the I/O
 * address of mapped memory is its address.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "link.h"
#include "vmc/hcall.h"

/* What a call that is to be repeated at once waits before it is. */
#define RETRY_MS 1

/* Every call of the hypervisor stands between these two. */
static void enter(const struct vmc_sim_link *link)
{
	if (link->host->enter)
		link->host->enter(link->host_data);
}

static void leave(const struct vmc_sim_link *link)
{
	if (link->host->leave)
		link->host->leave(link->host_data);
}

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
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_register_queue(link->hv, link->ring, VMC_CRQ_ENTRIES_4K);
	leave(link);
	switch (rc) {
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
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_free_queue(link->hv);
	leave(link);
	return to_errno(rc, delay_ms);
}

static int sim_enable_queue(void *transport, u32 *delay_ms)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_enable_queue(link->hv);
	leave(link);
	return to_errno(rc, delay_ms);
}

static void sim_set_interrupts(void *transport, bool on)
{
	struct vmc_sim_link *link = transport;

	enter(link);
	vmc_hv_set_interrupts(link->hv, on);
	leave(link);
}

static int sim_send(void *transport, u64 word1, u64 word2)
{
	struct vmc_sim_link *link = transport;
	u64 now_ms = link->host->now_ms(link->host_data);
	long rc;

	enter(link);
	rc = vmc_hv_send(link->hv, word1, word2, now_ms);
	leave(link);
	switch (rc) {
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
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	if (direction == IBMVMC_RDMA_TO_HYPERVISOR)
		rc = vmc_hv_copy_in(link->hv, lioba, memory, len);
	else
		rc = vmc_hv_copy_out(link->hv, lioba, memory, len);
	leave(link);
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
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_request_vmc(link->hv, drc_index);
	leave(link);
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
};
