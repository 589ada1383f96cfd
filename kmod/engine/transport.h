/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the protocol engine reaches the hypervisor, as one table of operations: a
 * queue, a way to send, copies between the two sides' memory. A transport
 * implements it (pseries hcalls, the simulated hypervisor). What the engine
 * needs beside it, a clock and somebody to tell, is told in host-ops.h.
 *
 * Rules for every operation: it is called with the adapter's lock held, may
 * sleep, is synchronous, returns 0 or a negative errno, and never calls back
 * into the engine. It never loops on a busy hypervisor: it returns -EBUSY with
 * a delay, and the engine comes again when its timer has fired.
 */
#ifndef IBMVMC_TRANSPORT_H
#define IBMVMC_TRANSPORT_H

#include <linux/types.h>

#include "vmc/crq.h"

/* Which way ibmvmc_transport_ops.copy_rdma moves data. */
enum ibmvmc_rdma {
	IBMVMC_RDMA_TO_HYPERVISOR,
	IBMVMC_RDMA_FROM_HYPERVISOR,
};

/**
 * struct ibmvmc_transport_ops - how the engine reaches the hypervisor
 *
 * @register_queue: tell the hypervisor where the CRQ is; interrupts are off
 *	afterwards. 0 also if the partner is not there yet; -EEXIST if the queue
 *	is registered already (free it, then come again); -EIO, -ENOMEM.
 * @free_queue: take the registration back. -EBUSY: nothing new arrives any
 *	more, come again after *delay_ms; -EIO.
 * @enable_queue: make a queue that a suspension or migration disabled work
 *	again. -EBUSY with *delay_ms, -EIO.
 * @set_interrupts: on, or off. An entry that arrives while they are off raises
 *	none later: the engine polls after every switching on. -EIO.
 * @send: one CRQ entry as the two words of H_SEND_CRQ. -EAGAIN if the
 *	partner's queue is full (nothing was sent), -ENOTCONN if there is no
 *	partner or our queue is disabled, -EIO.
 * @copy_rdma: copy @len bytes between mapped memory of ours (@ioba, as @map
 *	gave it, in window 1) and a buffer of the hypervisor (@lioba, in window
 *	2). -ENOTCONN if the partner is gone, -EIO for anything else; nothing of
 *	the destination can be relied on then.
 * @request_vmc: ask the hypervisor for a VMC device. -EBUSY with *delay_ms,
 *	-EPERM, -EIO, -ENODEV, -EINVAL.
 * @map: make @size bytes at @memory reachable for @copy_rdma. -ENOMEM.
 * @unmap: end that; @ioba and @size as they were mapped.
 */
struct ibmvmc_transport_ops {
	int (*register_queue)(void *transport);
	int (*free_queue)(void *transport, u32 *delay_ms);
	int (*enable_queue)(void *transport, u32 *delay_ms);
	int (*set_interrupts)(void *transport, bool on);
	int (*send)(void *transport, u64 word1, u64 word2);
	int (*copy_rdma)(void *transport, enum ibmvmc_rdma direction, u64 ioba,
			 u32 lioba, u32 len);
	int (*request_vmc)(void *transport, u32 *drc_index, u32 *delay_ms);
	int (*map)(void *transport, void *memory, u32 size, u64 *ioba);
	void (*unmap)(void *transport, u64 ioba, u32 size);
};

/**
 * struct ibmvmc_transport - one way to the hypervisor
 * @ops: must outlive the adapter
 * @data: handed to every operation
 * @ring: the CRQ, @entries of 16 bytes, zeroed; the transport's, must outlive
 *	the adapter's last ibmvmc_stop()
 * @entries: a power of two, at least VMC_CRQ_ENTRIES_MIN
 */
struct ibmvmc_transport {
	const struct ibmvmc_transport_ops *ops;
	void *data;
	struct ibmvmc_crq_msg *ring;
	u32 entries;
};

#endif
