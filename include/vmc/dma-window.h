/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DMA windows: decodes the property "ibm,my-dma-window" of a VMC's device-tree
 * node, which specifies the two windows of I/O addresses of the device. It does
 * not look up the property.
 */
#ifndef VMC_DMA_WINDOW_H
#define VMC_DMA_WINDOW_H

#include <linux/errno.h>
#include <linux/types.h>

#include "crq.h"

#define VMC_DMA_CELL 4

/* Cells of an address, and of a size, if the node does not specify them. */
#define VMC_DMA_CELLS_DEFAULT 1
#define VMC_DMA_CELLS_MAX 2

/**
 * struct vmc_dma_windows - LIOBNs of the windows of a device
 * @local_liobn: window of the partition's own memory, which it maps itself
 * @remote_liobn: window of the hypervisor's memory, where its buffers are
 */
struct vmc_dma_windows {
	__u32 local_liobn;
	__u32 remote_liobn;
};

/**
 * vmc_dma_windows_decode() - decode the property
 * @property: @length bytes: two windows, each a LIOBN, an address and a size;
 *	the rest is ignored. NULL if the node has no such property
 * @length: length of the property in bytes
 * @address_cells: number of cells of an address, 1..VMC_DMA_CELLS_MAX
 * @size_cells: number of cells of a size, 1..VMC_DMA_CELLS_MAX
 * @windows: filled on success
 *
 * Return: 0; -ENODEV without a property; -EINVAL if the property ends before
 * its second window does, or if a number of cells is out of range.
 */
static inline int vmc_dma_windows_decode(const void *property, int length,
					 __u32 address_cells, __u32 size_cells,
					 struct vmc_dma_windows *windows)
{
	const __u8 *bytes = property;
	__u32 window;

	if (!property)
		return -ENODEV;
	if (!address_cells || address_cells > VMC_DMA_CELLS_MAX ||
	    !size_cells || size_cells > VMC_DMA_CELLS_MAX)
		return -EINVAL;
	window = VMC_DMA_CELL * (1 + address_cells + size_cells);
	if (length < 0 || (__u32)length < 2 * window)
		return -EINVAL;
	windows->local_liobn = vmc_get_be32(bytes);
	windows->remote_liobn = vmc_get_be32(bytes + window);
	return 0;
}

#endif
