/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device, as dynamic reconfiguration adds and removes it at run time.
 */
#ifndef PHYP_DEVICE_H
#define PHYP_DEVICE_H

#include <linux/types.h>

#include "node.h"

struct phyp;

/**
 * phyp_device_set_live() - add the device, or remove it
 * @phyp: any
 * @live: which; nothing happens if it is so already
 *
 * A driver that is there is bound, or unbound, when this function returns.
 *
 * Return: 0, or why it could not be added.
 */
int phyp_device_set_live(struct phyp *phyp, bool live);

/**
 * phyp_device_is_live() - is the device there
 * @phyp: any
 */
bool phyp_device_is_live(struct phyp *phyp);

/**
 * phyp_device_set_window() - how the next one tells its DMA windows
 * @phyp: any
 * @window: as said
 */
void phyp_device_set_window(struct phyp *phyp, enum phyp_window window);

/**
 * phyp_device_window() - how the next one will tell its DMA windows
 * @phyp: any
 */
enum phyp_window phyp_device_window(struct phyp *phyp);

#endif
