/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's half of an adapter: its lock, and the two work items in which
 * the engine runs, one for what arrives and one for its timer. It knows neither
 * files nor users; whoever has a session on it has a reference.
 */
#ifndef IBMVMC_HOST_H
#define IBMVMC_HOST_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "engine/engine.h"

struct ibmvmc_node;

/**
 * struct ibmvmc_host - one attached device
 * @node: where its users come from; outlives it
 * @refs: of the attachment, and of each file with a session on it
 * @lock: the lock of the adapter and all it owns (engine.h)
 * @adapter: the engine, NULL once the device was detached
 * @workqueue: ordered: what arrives is handled in one place at a time
 * @service: handles what has arrived
 * @timer: the engine's one timer
 * @resets: that the adapter had seen when it ended
 */
struct ibmvmc_host {
	struct ibmvmc_node *node;
	struct kref refs;
	struct mutex lock; /* of @adapter and all it owns */
	struct crq_server_adapter *adapter;
	struct workqueue_struct *workqueue;
	struct work_struct service;
	struct delayed_work timer;
	u32 resets;
};

/**
 * ibmvmc_host_new() - make the host and the engine of a device
 * @node: must outlive it
 * @transport: how to reach the device
 * @host: the result, with one reference, on success
 *
 * Return: 0, -EINVAL (the size of the queue), -ENOMEM.
 */
int ibmvmc_host_new(struct ibmvmc_node *node,
		    const struct ibmvmc_transport *transport,
		    struct ibmvmc_host **host);

/**
 * ibmvmc_host_start() - begin to bring the channel up
 * @host: new
 *
 * Return: 0, or what the transport said when the queue was registered.
 */
int ibmvmc_host_start(struct ibmvmc_host *host);

/**
 * ibmvmc_host_stop() - end every session, give the queue back, end the engine
 * @host: started or not
 *
 * Nothing of the transport is called any more when it returns. May sleep.
 *
 * Return: 0, or -EIO if the hypervisor did not give the queue back.
 */
int ibmvmc_host_stop(struct ibmvmc_host *host);

/**
 * ibmvmc_host_get() - take one more reference
 * @host: any
 */
void ibmvmc_host_get(struct ibmvmc_host *host);

/**
 * ibmvmc_host_put() - give a reference back
 * @host: NULL is allowed; the last reference frees it, which must be stopped
 */
void ibmvmc_host_put(struct ibmvmc_host *host);

#endif
