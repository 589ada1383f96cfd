/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transport: the operations by which the protocol engine reaches the
 * hypervisor. Each transport implements them (pseries hcalls, the simulated
 * hypervisor). Clock and notifications are in host-ops.h.
 *
 * All operations are called with the adapter's lock held, may sleep, are
 * synchronous, return 0 or a negative errno, and must not call back into the
 * engine. They do not loop on a busy hypervisor: they return -EBUSY with a
 * delay, and the engine calls again when its timer has expired.
 */
#ifndef IBMVMC_TRANSPORT_H
#define IBMVMC_TRANSPORT_H

#include <linux/types.h>

#include "vmc/crq.h"

/* Direction of ibmvmc_transport_ops.copy_rdma. */
enum ibmvmc_rdma {
	IBMVMC_RDMA_TO_HYPERVISOR,
	IBMVMC_RDMA_FROM_HYPERVISOR,
};

/**
 * struct ibmvmc_transport_ops - operations of a transport
 * @register_queue: register the CRQ with interrupts off. 0, also without a
 *	partner; -EEXIST if a registration exists (free it, then register
 *	again); -EIO, -ENOMEM
 * @free_queue: free the registration. -EBUSY: no entry arrives from now on,
 *	call again after *delay_ms; -EIO
 * @enable_queue: enable a queue that a suspension or migration disabled. -EBUSY
 *	with *delay_ms, -EIO
 * @set_interrupts: enable or disable interrupts. An entry that arrives while
 *	they are disabled raises none later: the engine polls each time it has
 *	enabled them. -EIO
 * @send: send one CRQ entry, passed as the two words of H_SEND_CRQ. -EAGAIN if
 *	the partner's queue is full (nothing was sent), -ENOTCONN if there is no
 *	partner or our queue is disabled, -EIO
 * @copy_rdma: copy @len bytes between mapped memory of ours (@ioba from @map,
 *	window 1) and a buffer of the hypervisor (@lioba, window 2). -ENOTCONN
 *	if the partner is gone, otherwise -EIO; the destination is undefined
 *	then
 * @lend: get the address of @len bytes of a buffer of the hypervisor (@lioba).
 *	The bytes stay as they are until the buffer is passed to the hypervisor
 *	or the queue is freed. NULL if they may change before, so that they must
 *	be copied. Errors as of @copy_rdma. Used with ibmvmc_transport.direct
 *	only
 * @request_vmc: request a VMC device. -EBUSY with *delay_ms, -EPERM, -EIO,
 *	-ENODEV, -EINVAL
 * @map: map @size bytes at @memory for @copy_rdma. -ENOMEM
 * @unmap: unmap memory; @ioba and @size are those of @map
 */
struct ibmvmc_transport_ops {
	int (*register_queue)(void *transport);
	int (*free_queue)(void *transport, u32 *delay_ms);
	int (*enable_queue)(void *transport, u32 *delay_ms);
	int (*set_interrupts)(void *transport, bool on);
	int (*send)(void *transport, u64 word1, u64 word2);
	int (*copy_rdma)(void *transport, enum ibmvmc_rdma direction, u64 ioba,
			 u32 lioba, u32 len);
	int (*lend)(void *transport, u32 lioba, u32 len, const void **data);
	int (*request_vmc)(void *transport, u32 *drc_index, u32 *delay_ms);
	int (*map)(void *transport, void *memory, u32 size, u64 *ioba);
	void (*unmap)(void *transport, u64 ioba, u32 size);
};

/**
 * struct ibmvmc_transport - a way to the hypervisor
 * @ops: operations; must outlive the adapter
 * @data: argument of the operations
 * @ring: zeroed CRQ of @entries entries; owned by the transport, must outlive
 *	the last ibmvmc_stop() of the adapter
 * @entries: number of entries, a power of two from VMC_CRQ_ENTRIES_MIN
 * @direct: true if both sides run in one thread and one address space. Then
 *	@copy_rdma takes the address of any memory as its @ioba, and messages are
 *	sent from the memory of the caller and read from that of the hypervisor
 */
struct ibmvmc_transport {
	const struct ibmvmc_transport_ops *ops;
	void *data;
	struct ibmvmc_crq_msg *ring;
	u32 entries;
	bool direct;
};

#endif
