// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA mistakes: misuses the DMA API on loading, to test that the debug kernel
 * reports it. It does not use the driver and cannot be unloaded.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define MISTAKE_SIZE 64

static bool stays;
module_param(stays, bool, 0444);
MODULE_PARM_DESC(stays,
		 "leave the memory mapped instead of unmapping half of it");

static void *memory;

static int __init dma_mistake_init(void)
{
	struct platform_device *device;
	dma_addr_t address;

	memory = kzalloc(MISTAKE_SIZE, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	device = platform_device_register_simple("dma-mistake", -1, NULL, 0);
	if (IS_ERR(device)) {
		kfree(memory);
		return PTR_ERR(device);
	}
	address = dma_map_single(&device->dev, memory, MISTAKE_SIZE,
				 DMA_TO_DEVICE);
	if (!dma_mapping_error(&device->dev, address) && !stays)
		dma_unmap_single(&device->dev, address, MISTAKE_SIZE / 2,
				 DMA_TO_DEVICE);
	return 0;
}
module_init(dma_mistake_init);

MODULE_DESCRIPTION("Mistakes with the DMA API");
MODULE_LICENSE("GPL");
