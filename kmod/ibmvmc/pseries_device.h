/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One VMC device of a POWER partition, as its transport sees it: a queue, two
 * windows, an interrupt. It knows nothing of messages.
 */
#ifndef IBMVMC_PSERIES_DEVICE_H
#define IBMVMC_PSERIES_DEVICE_H

#include <linux/types.h>

#include "attach.h"
#include "vmc/dma-window.h"

struct vio_dev;

/* The CRQ is one page of the kernel's, whatever size that has. */
#define IBMVMC_CRQ_SIZE PAGE_SIZE

/**
 * struct ibmvmc_pseries - a device, from probe to remove
 * @vdev: its place on the bus
 * @host: what it is attached to, NULL before and after
 * @windows: where its own and the hypervisor's memory is
 * @ring: the CRQ, IBMVMC_CRQ_SIZE bytes
 * @ring_ioba: its I/O address in the local window
 * @irq_requested: ibmvmc_handle_event() may be called
 */
struct ibmvmc_pseries {
	struct vio_dev *vdev;
	struct ibmvmc_host *host;
	struct vmc_dma_windows windows;
	struct ibmvmc_crq_msg *ring;
	dma_addr_t ring_ioba;
	bool irq_requested;
};

/* The engine's way to the hypervisor; its data is the ibmvmc_pseries. */
extern const struct ibmvmc_transport_ops ibmvmc_pseries_ops;

/**
 * ibmvmc_init_crq_queue() - ibmvmc_transport_ops.register_queue: H_REG_CRQ
 * @transport: an ibmvmc_pseries, not registered
 *
 * From here on the device may interrupt, as soon as it is told that it may.
 * What was set up is taken down again on failure.
 *
 * Return: 0, -EEXIST, -EIO, -ENOMEM.
 */
int ibmvmc_init_crq_queue(void *transport);

/**
 * ibmvmc_release_crq_queue() - ibmvmc_transport_ops.free_queue: H_FREE_CRQ
 * @transport: an ibmvmc_pseries
 * @delay_ms: set with -EBUSY
 *
 * The device does not interrupt any more when it returns, whatever it returns.
 *
 * Return: 0, -EBUSY, -EIO.
 */
int ibmvmc_release_crq_queue(void *transport, u32 *delay_ms);

/**
 * ibmvmc_enable_crq_queue() - ibmvmc_transport_ops.enable_queue: H_ENABLE_CRQ
 * @transport: an ibmvmc_pseries
 * @delay_ms: set with -EBUSY
 *
 * Return: 0, -EBUSY, -EIO.
 */
int ibmvmc_enable_crq_queue(void *transport, u32 *delay_ms);

/**
 * ibmvmc_set_crq_interrupts() - ibmvmc_transport_ops.set_interrupts:
 * H_VIO_SIGNAL
 * @transport: an ibmvmc_pseries
 * @on: on or off
 *
 * Return: 0 or -EIO.
 */
int ibmvmc_set_crq_interrupts(void *transport, bool on);

/**
 * ibmvmc_send_crq() - ibmvmc_transport_ops.send: H_SEND_CRQ
 * @transport: an ibmvmc_pseries
 * @word1: bytes 0 to 7 of the entry
 * @word2: bytes 8 to 15
 *
 * Return: 0, -EAGAIN, -ENOTCONN, -EIO.
 */
int ibmvmc_send_crq(void *transport, u64 word1, u64 word2);

/**
 * alloc_dma_buffer() - memory that the hypervisor may write to at any time
 * @vdev: whose local window it is mapped in
 * @size: in bytes
 * @dma_handle: its I/O address, on success
 *
 * Return: zeroed memory, or NULL.
 */
void *alloc_dma_buffer(struct vio_dev *vdev, size_t size,
		       dma_addr_t *dma_handle);

/**
 * free_dma_buffer() - unmap and free it
 * @vdev: as it was allocated
 * @size: as it was allocated
 * @vaddr: of alloc_dma_buffer()
 * @dma_handle: of alloc_dma_buffer()
 */
void free_dma_buffer(struct vio_dev *vdev, size_t size, void *vaddr,
		     dma_addr_t dma_handle);

/**
 * ibmvmc_map() - ibmvmc_transport_ops.map
 * @transport: an ibmvmc_pseries
 * @memory: of kmalloc()
 * @size: in bytes
 * @ioba: its I/O address, on success
 *
 * The memory stays this side's, but while ibmvmc_copy_rdma() runs.
 *
 * Return: 0 or -ENOMEM.
 */
int ibmvmc_map(void *transport, void *memory, u32 size, u64 *ioba);

/**
 * ibmvmc_unmap() - ibmvmc_transport_ops.unmap
 * @transport: an ibmvmc_pseries
 * @ioba: of ibmvmc_map()
 * @size: as it was mapped
 */
void ibmvmc_unmap(void *transport, u64 ioba, u32 size);

/**
 * ibmvmc_copy_rdma() - ibmvmc_transport_ops.copy_rdma: H_COPY_RDMA
 * @transport: an ibmvmc_pseries
 * @direction: which way
 * @ioba: of ibmvmc_map()
 * @lioba: of an Add Buffer, in the remote window
 * @len: in bytes
 *
 * Return: 0, -ENOTCONN, -EIO.
 */
int ibmvmc_copy_rdma(void *transport, enum ibmvmc_rdma direction, u64 ioba,
		     u32 lioba, u32 len);

/**
 * h_request_vmc() - H_REQUEST_VMC: ask for a device (vmc-facts 4.4)
 * @vmc_index: the DRC index of the new device, on success
 *
 * Return: the hypervisor's answer.
 */
long h_request_vmc(u32 *vmc_index);

/**
 * ibmvmc_pseries_request() - ibmvmc_transport_ops.request_vmc
 * @unused: any
 * @drc_index: set on success
 * @delay_ms: set with -EBUSY
 *
 * Return: 0, -EBUSY, -EPERM, -ENODEV, -EINVAL, -EIO.
 */
int ibmvmc_pseries_request(void *unused, u32 *drc_index, u32 *delay_ms);

#endif
