// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory that the hypervisor reaches, and the copies between it and the
 * hypervisor's own. A message buffer is this side's all the time, but while a
 * copy runs; only the CRQ is written to whenever the hypervisor likes.
 */
#include <linux/dma-mapping.h>

#include <asm/hvcall.h>
#include <asm/vio.h>

#include "pseries_device.h"
#include "vmc/hcall-answer.h"

void *alloc_dma_buffer(struct vio_dev *vdev, size_t size,
		       dma_addr_t *dma_handle)
{
	return dma_alloc_coherent(&vdev->dev, size, dma_handle, GFP_KERNEL);
}

void free_dma_buffer(struct vio_dev *vdev, size_t size, void *vaddr,
		     dma_addr_t dma_handle)
{
	dma_free_coherent(&vdev->dev, size, vaddr, dma_handle);
}

int ibmvmc_map(void *transport, void *memory, u32 size, u64 *ioba)
{
	struct ibmvmc_pseries *pseries = transport;
	dma_addr_t address;

	address = dma_map_single_attrs(&pseries->vdev->dev, memory, size,
				       DMA_BIDIRECTIONAL,
				       DMA_ATTR_SKIP_CPU_SYNC);
	if (dma_mapping_error(&pseries->vdev->dev, address))
		return -ENOMEM;
	*ioba = address;
	return 0;
}

void ibmvmc_unmap(void *transport, u64 ioba, u32 size)
{
	struct ibmvmc_pseries *pseries = transport;

	dma_unmap_single_attrs(&pseries->vdev->dev, ioba, size,
			       DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
}

int ibmvmc_copy_rdma(void *transport, enum ibmvmc_rdma direction, u64 ioba,
		     u32 lioba, u32 len)
{
	struct ibmvmc_pseries *pseries = transport;
	const struct vmc_dma_windows *windows = &pseries->windows;
	struct device *dev = &pseries->vdev->dev;
	long rc;

	dma_sync_single_for_device(dev, ioba, len, DMA_BIDIRECTIONAL);
	if (direction == IBMVMC_RDMA_TO_HYPERVISOR)
		rc = plpar_hcall_norets(H_COPY_RDMA, len, windows->local_liobn,
					ioba, windows->remote_liobn, lioba);
	else
		rc = plpar_hcall_norets(H_COPY_RDMA, len,
					windows->remote_liobn, lioba,
					windows->local_liobn, ioba);
	dma_sync_single_for_cpu(dev, ioba, len, DMA_BIDIRECTIONAL);
	return vmc_answer_copy(rc);
}
