/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node /dev/ibmvmc: there as long as the module is, whether there is a
 * channel behind it or not. It knows which device is attached now, keeps what
 * outlives a device (counters, the DRC index), and tells who watches the channel
 * that it has changed. It knows nothing of one file's session.
 */
#ifndef IBMVMC_NODE_H
#define IBMVMC_NODE_H

#include <linux/atomic.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/ratelimit_types.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "attach.h"
#include "engine/engine.h"

struct dentry;

/* Least time from one uevent to the next, in milliseconds. */
#define IBMVMC_UEVENT_MS 100

/* Lines in the kernel's log that the channel may cause in so many seconds. */
#define IBMVMC_LOG_LINES 20
#define IBMVMC_LOG_SECONDS 5

/**
 * struct ibmvmc_node - the node and what is behind it
 * @misc: the character device
 * @shown: it can be opened, and udev knows it
 * @debugfs: the directory of the driver
 * @config: what each adapter offers, from the module's parameters
 * @lock: of @host and @resets
 * @host: the attached device, with a reference, or NULL
 * @resets: of the devices that were detached
 * @last_reset: IBMVMC_RESET_ value
 * @provider_lock: held for writing to change @provider, for reading to call it
 * @provider: who brings the channel, or NULL
 * @request_lock: one request for a device at a time
 * @drc_index: of the device that was requested last, or 0
 * @changed: who polls for a change of the channel
 * @changes: how many there were
 * @uevent: sends the uevent of the changes so far
 * @next_uevent: time in jiffies of the next one, at the earliest
 * @log_limit: rate of the lines in the kernel's log
 * @events: how often each type of event was reported
 * @sent_messages: of all files
 * @received_messages: of all files
 */
struct ibmvmc_node {
	struct miscdevice misc;
	bool shown;
	struct dentry *debugfs;
	struct ibmvmc_config config;

	struct mutex lock; /* of @host and @resets */
	struct ibmvmc_host *host;
	u64 resets;
	u32 last_reset;

	struct rw_semaphore provider_lock;
	const struct ibmvmc_provider *provider;
	struct mutex request_lock; /* one request at a time */
	u32 drc_index;

	wait_queue_head_t changed;
	atomic_t changes;
	struct delayed_work uevent;
	unsigned long next_uevent;
	struct ratelimit_state log_limit;
	atomic64_t events[IBMVMC_EVENT_TYPES];
	atomic64_t sent_messages;
	atomic64_t received_messages;
};

/**
 * struct ibmvmc_node_info - the channel as it is now
 * @channel: of the attached device; state INITIAL and zeroes without one
 * @resets: since the module was loaded
 */
struct ibmvmc_node_info {
	struct ibmvmc_info channel;
	u64 resets;
};

/**
 * ibmvmc_node_new() - make the node, which nobody sees yet
 * @config: in range; copied
 *
 * Return: the node, or NULL without memory.
 */
struct ibmvmc_node *ibmvmc_node_new(const struct ibmvmc_config *config);

/**
 * ibmvmc_node_show() - let it be opened
 * @node: new
 *
 * The last step of a module that can still fail: whoever has opened the node
 * could not be sent away again.
 *
 * Return: 0, or what registering the device returned.
 */
int ibmvmc_node_show(struct ibmvmc_node *node);

/**
 * ibmvmc_node_free() - take the node away
 * @node: without a provider, a device or an open file
 */
void ibmvmc_node_free(struct ibmvmc_node *node);

/**
 * ibmvmc_node_get_host() - the attached device
 * @node: any
 *
 * Return: the host with a reference, or NULL if there is none. It may be
 * detached at any time: look at its adapter under its lock.
 */
struct ibmvmc_host *ibmvmc_node_get_host(struct ibmvmc_node *node);

/**
 * ibmvmc_node_get_info() - the channel as it is now
 * @node: any
 * @info: filled completely
 *
 * Locking: takes the node's and the host's lock.
 */
void ibmvmc_node_get_info(struct ibmvmc_node *node,
			  struct ibmvmc_node_info *info);

/**
 * ibmvmc_node_provide() - somebody can bring a channel
 * @node: any
 * @provider: see ibmvmc_provider_register()
 *
 * Return: 0 or -EBUSY.
 */
int ibmvmc_node_provide(struct ibmvmc_node *node,
			const struct ibmvmc_provider *provider);

/**
 * ibmvmc_node_withdraw() - nobody can any more
 * @node: any
 * @provider: the present one
 */
void ibmvmc_node_withdraw(struct ibmvmc_node *node,
			  const struct ibmvmc_provider *provider);

/**
 * ibmvmc_node_attach() - see ibmvmc_attach()
 * @node: any
 * @transport: as there
 * @host: as there
 */
int ibmvmc_node_attach(struct ibmvmc_node *node,
		       const struct ibmvmc_transport *transport,
		       struct ibmvmc_host **host);

/**
 * ibmvmc_node_detach() - see ibmvmc_detach()
 * @node: any
 * @host: attached to it
 */
int ibmvmc_node_detach(struct ibmvmc_node *node, struct ibmvmc_host *host);

/**
 * ibmvmc_node_request() - ask the hypervisor for a device (vmc-facts 4.4)
 * @node: any
 * @drc_index: set on success
 *
 * Sleeps, interruptibly, as long as the hypervisor is busy, at most
 * IBMVMC_REQUEST_TOTAL_MS.
 *
 * Return: 0, -EPERM, -EIO, -ENODEV, -EINVAL, -ETIMEDOUT, -EINTR.
 */
int ibmvmc_node_request(struct ibmvmc_node *node, u32 *drc_index);

/**
 * ibmvmc_node_changed() - the channel, or what is known of it, has changed
 * @node: any
 *
 * Wakes the pollers of the node and announces the change.
 */
void ibmvmc_node_changed(struct ibmvmc_node *node);

/**
 * ibmvmc_node_announce() - send a uevent for what has changed so far
 * @node: any
 *
 * At most one uevent is sent in IBMVMC_UEVENT_MS. Changes in between share one,
 * which is sent after the last of them.
 *
 * Locking: none; from any context.
 */
void ibmvmc_node_announce(struct ibmvmc_node *node);

/**
 * ibmvmc_node_report() - something happened to the attached device
 * @node: any
 * @event: of the engine
 *
 * Locking: the host's lock is held.
 */
void ibmvmc_node_report(struct ibmvmc_node *node,
			const struct ibmvmc_event *event);

#endif
