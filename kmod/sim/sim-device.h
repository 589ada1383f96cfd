/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulated device of the module ibmvmc-sim: a simulated hypervisor that runs
 * in its own work item concurrently with the engine, like a real one. It can be
 * attached and detached like a device that is added and removed at run time. It
 * is not the simulated channel in one thread: vmc-sim.h is.
 */
#ifndef IBMVMC_SIM_DEVICE_H
#define IBMVMC_SIM_DEVICE_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "hv/debugfs.h"
#include "ibmvmc/attach.h"
#include "link.h"

/**
 * struct sim_device - the hypervisor and its device
 * @link: transport, which contains the hypervisor
 * @lock: lock of the hypervisor
 * @workqueue: workqueue of @step
 * @step: work item that steps the hypervisor
 * @provider: registration as provider
 * @live_lock: lock of @attached
 * @attached: attached device, or NULL
 * @knobs: files in debugfs
 */
struct sim_device {
	struct vmc_sim_link link;
	struct mutex lock; /* protects the hypervisor */
	struct workqueue_struct *workqueue;
	struct delayed_work step;
	struct ibmvmc_provider provider;
	struct mutex live_lock; /* protects @attached */
	struct ibmvmc_device *attached;
	struct vmc_hv_debugfs knobs;
};

/**
 * sim_device_new() - create the hypervisor and register it as the provider
 * @config: configuration of the hypervisor
 * @device: set on success; not attached
 *
 * Return: 0, -EINVAL (a value out of range), -EBUSY (another provider is
 * registered), -ENOMEM.
 */
int sim_device_new(const struct vmc_hv_config *config,
		   struct sim_device **device);

/**
 * sim_device_free() - detach and free the device
 * @device: simulated device, attached or not
 */
void sim_device_free(struct sim_device *device);

/**
 * sim_device_set_live() - attach or detach the device
 * @device: simulated device
 * @live: true to attach it
 *
 * Does nothing if the device is in that state already.
 *
 * Return: 0, or the error of ibmvmc_attach() or ibmvmc_detach(). The device is
 * detached even if ibmvmc_detach() fails.
 */
int sim_device_set_live(struct sim_device *device, bool live);

/**
 * sim_device_add_knobs() - create the directory ibmvmc-sim in debugfs
 * @device: simulated device; works without the directory if the kernel has no
 *	debugfs. docs/simulator.md describes the files
 */
void sim_device_add_knobs(struct sim_device *device);

/**
 * sim_device_remove_knobs() - remove the directory, and wait for calls in
 * progress
 * @device: simulated device
 */
void sim_device_remove_knobs(struct sim_device *device);

#endif
