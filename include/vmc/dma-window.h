/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The property "ibm,my-dma-window" of a VMC's device-tree node: which two
 * windows of I/O addresses the device has. A pure function on the bytes of the
 * property; nothing is looked up here. (vmc-facts 5.1)
 */
#ifndef VMC_DMA_WINDOW_H
#define VMC_DMA_WINDOW_H

#include <linux/errno.h>
#include <linux/types.h>

#include "crq.h"

#define VMC_DMA_CELL 4

/* Cells of an address, and of a size, if the node does not tell. */
#define VMC_DMA_CELLS_DEFAULT 1
#define VMC_DMA_CELLS_MAX 2

/**
 * struct vmc_dma_windows - the windows of a device, by their LIOBNs
 * @local_liobn: of the partition's own memory, which it maps itself
 * @remote_liobn: of the hypervisor's memory, where its buffers are
 */
struct vmc_dma_windows {
	__u32 local_liobn;
	__u32 remote_liobn;
};

/**
 * vmc_dma_windows_decode() - read the property
 * @property: @length bytes: two windows, each a LIOBN, an address and a size;
 *	what follows them is not looked at. NULL if the node has none
 * @length: in bytes
 * @address_cells: of an address, 1..VMC_DMA_CELLS_MAX
 * @size_cells: of a size, 1..VMC_DMA_CELLS_MAX
 * @windows: filled on success
 *
 * Return: 0; -ENODEV without a property; -EINVAL if it ends before its second
 * window does, or for a number of cells out of range.
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
