/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the partition's device tree says of the device and of its interrupt
 * controller. (vmc-facts 5.1)
 */
#ifndef PHYP_NODE_H
#define PHYP_NODE_H

#include <linux/of.h>
#include <linux/types.h>

/* The numbers by which the partition names the device, and its windows. */
#define PHYP_UNIT_ADDRESS 0x30000010
#define PHYP_UNIT_NAME "30000010"
#define PHYP_LOCAL_LIOBN 0x13000010
#define PHYP_REMOTE_LIOBN 0x14000010

/* The device's interrupt, at its controller. */
#define PHYP_INTERRUPT_NUMBER 0

/* How a device node tells its DMA windows. */
enum phyp_window {
	PHYP_WINDOW_TWO,	/* as firmware does */
	PHYP_WINDOW_ONE,	/* without that of the hypervisor */
	PHYP_WINDOW_SHORT,	/* cut in the middle of the second */
	PHYP_WINDOW_NONE,	/* not at all */
	PHYP_WINDOW_NO_CELLS,	/* without saying how long addresses are */
	PHYP_WINDOWS
};

/**
 * phyp_node_add_controller() - put the interrupt controller into the tree
 * @changes: filled on success
 * @node: the controller, on success
 *
 * Return: 0 or a negative errno.
 */
int phyp_node_add_controller(struct of_changeset *changes,
			     struct device_node **node);

/**
 * phyp_node_add_device() - put the device into the tree
 * @changes: filled on success
 * @drc_index: as H_REQUEST_VMC tells it
 * @window: how it tells its DMA windows
 * @node: the device, on success
 *
 * Return: 0, -ENODEV (the machine has no virtual devices), or another negative
 * errno.
 */
int phyp_node_add_device(struct of_changeset *changes, u32 drc_index,
			 enum phyp_window window, struct device_node **node);

/**
 * phyp_node_remove() - take it out again
 * @changes: as one of the two left it
 */
void phyp_node_remove(struct of_changeset *changes);

#endif
