/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated device: the protocol engine and a simulated hypervisor inside
 * the daemon. It needs neither hardware nor a kernel module.
 */
#ifndef VMCFS_DEVICE_SIM_H
#define VMCFS_DEVICE_SIM_H

#include "../device.h"
#include "options.h"

/**
 * device_sim_new() - make a simulated device
 * @options: copied
 * @device: the result, on success; its event source runs in the default main
 *	context
 *
 * Return: 0 or -ENOMEM.
 */
int device_sim_new(const struct sim_options *options, struct device **device);

#endif
