/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated device: a simulated hypervisor that runs in a work item of its
 * own, beside the engine, as the real one does. It can be attached and detached
 * like a device that is added and removed at run time. Its knobs are turned by
 * sim_debugfs.c.
 */
#ifndef IBMVMC_SIM_DEVICE_H
#define IBMVMC_SIM_DEVICE_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "ibmvmc/attach.h"
#include "hv/debugfs.h"
#include "link.h"

/**
 * struct sim_device - the hypervisor, and the device it offers
 * @link: the engine's way to it; the hypervisor is in it
 * @lock: of the hypervisor
 * @workqueue: where it runs
 * @step: lets it work
 * @provider: as the driver knows us
 * @live_lock: of @host
 * @host: while the device is attached
 * @knobs: as files
 */
struct sim_device {
	struct vmc_sim_link link;
	struct mutex lock; /* of the simulated hypervisor */
	struct workqueue_struct *workqueue;
	struct delayed_work step;
	struct ibmvmc_provider provider;
	struct mutex live_lock; /* of @host */
	struct ibmvmc_host *host;
	struct vmc_hv_debugfs knobs;
};

/**
 * sim_device_new() - make the hypervisor, and say that it is there
 * @config: of the hypervisor
 * @device: the result, on success; not attached
 *
 * Return: 0, -EINVAL (a value out of range), -EBUSY (another provider is
 * there), -ENOMEM.
 */
int sim_device_new(const struct vmc_hv_config *config,
		   struct sim_device **device);

/**
 * sim_device_free() - end it, also while it is attached and in use
 * @device: any
 */
void sim_device_free(struct sim_device *device);

/**
 * sim_device_set_live() - attach the device, or detach it
 * @device: any
 * @live: which; nothing happens if it is so already
 *
 * Return: 0, or what ibmvmc_attach() or ibmvmc_detach() returned; after the
 * latter it is detached in any case.
 */
int sim_device_set_live(struct sim_device *device, bool live);

/**
 * sim_device_is_live() - is the device attached
 * @device: any
 */
bool sim_device_is_live(struct sim_device *device);

/**
 * sim_device_enter() - begin to use the hypervisor, which waits meanwhile
 * @device: any
 *
 * Return: the hypervisor.
 */
struct vmc_hv *sim_device_enter(struct sim_device *device);

/**
 * sim_device_leave() - it may work again
 * @device: entered
 */
void sim_device_leave(struct sim_device *device);

#endif
