// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transport of the simulated channel: converts the engine's operations into
 * calls of the simulated hypervisor, and its answers into errnos. It does not
 * run either side. Both share one address space, so the I/O address of memory
 * is its address.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "link.h"
#include "vmc/hcall-answer.h"

/* Every call of the hypervisor is made between enter() and leave(). */
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

static int sim_register_queue(void *transport)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_register_queue(link->hv, link->ring, VMC_CRQ_ENTRIES_4K);
	leave(link);
	return vmc_answer_register(rc);
}

static int sim_free_queue(void *transport, u32 *delay_ms)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_free_queue(link->hv);
	leave(link);
	return vmc_answer_busy(rc, delay_ms);
}

static int sim_enable_queue(void *transport, u32 *delay_ms)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_enable_queue(link->hv);
	leave(link);
	return vmc_answer_busy(rc, delay_ms);
}

static int sim_set_interrupts(void *transport, bool on)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_set_interrupts(link->hv, on);
	leave(link);
	return vmc_answer_signal(rc);
}

static int sim_send(void *transport, u64 word1, u64 word2)
{
	struct vmc_sim_link *link = transport;
	u64 now_ms = link->host->now_ms(link->host_data);
	long rc;

	enter(link);
	rc = vmc_hv_send(link->hv, word1, word2, now_ms);
	leave(link);
	return vmc_answer_send(rc);
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
	return vmc_answer_copy(rc);
}

static int sim_lend(void *transport, u32 lioba, u32 len, const void **data)
{
	struct vmc_sim_link *link = transport;

	return vmc_answer_copy(vmc_hv_lend(link->hv, lioba, len, data));
}

static int sim_request_vmc(void *transport, u32 *drc_index, u32 *delay_ms)
{
	struct vmc_sim_link *link = transport;
	long rc;

	enter(link);
	rc = vmc_hv_request_vmc(link->hv, drc_index);
	leave(link);
	return vmc_answer_request(rc, delay_ms);
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
	.lend = sim_lend,
	.request_vmc = sim_request_vmc,
	.map = sim_map,
	.unmap = sim_unmap,
};
