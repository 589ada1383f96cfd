// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The node as an object, and the way of a device to it and from it.
 */
#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "debugfs.h"
#include "file.h"
#include "host.h"
#include "node.h"
#include "sysfs.h"
#include "uapi/ibmvmc.h"

static void ibmvmc_uevent_task(struct work_struct *work)
{
	struct ibmvmc_node *node = container_of(to_delayed_work(work),
						struct ibmvmc_node, uevent);

	WRITE_ONCE(node->next_uevent,
		   jiffies + msecs_to_jiffies(IBMVMC_UEVENT_MS));
	kobject_uevent(&node->misc.this_device->kobj, KOBJ_CHANGE);
}

struct ibmvmc_node *ibmvmc_node_new(const struct ibmvmc_config *config)
{
	struct ibmvmc_node *node;

	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return NULL;
	node->config = *config;
	mutex_init(&node->lock);
	mutex_init(&node->request_lock);
	init_rwsem(&node->provider_lock);
	init_waitqueue_head(&node->changed);
	INIT_DELAYED_WORK(&node->uevent, ibmvmc_uevent_task);
	node->next_uevent = jiffies;
	ratelimit_state_init(&node->log_limit, IBMVMC_LOG_SECONDS * HZ,
			     IBMVMC_LOG_LINES);

	node->misc.minor = MISC_DYNAMIC_MINOR;
	node->misc.name = "ibmvmc";
	node->misc.mode = 0600;
	node->misc.fops = &ibmvmc_fops;
	node->misc.groups = ibmvmc_sysfs_groups;
	return node;
}

int ibmvmc_node_show(struct ibmvmc_node *node)
{
	int rc = misc_register(&node->misc);

	if (rc)
		return rc;
	ibmvmc_debugfs_init(node);
	/* The channel of an attached device may have changed before this. */
	smp_store_release(&node->shown, true);
	ibmvmc_node_announce(node);
	return 0;
}

void ibmvmc_node_free(struct ibmvmc_node *node)
{
	if (node->shown) {
		ibmvmc_debugfs_exit(node);
		cancel_delayed_work_sync(&node->uevent);
		misc_deregister(&node->misc);
	}
	ratelimit_state_exit(&node->log_limit);
	mutex_destroy(&node->request_lock);
	mutex_destroy(&node->lock);
	kfree(node);
}

struct ibmvmc_host *ibmvmc_node_get_host(struct ibmvmc_node *node)
{
	struct ibmvmc_host *host;

	mutex_lock(&node->lock);
	host = node->host;
	if (host)
		ibmvmc_host_get(host);
	mutex_unlock(&node->lock);
	return host;
}

void ibmvmc_node_get_info(struct ibmvmc_node *node,
			  struct ibmvmc_node_info *info)
{
	struct ibmvmc_host *host;

	memset(info, 0, sizeof(*info));
	info->channel.state = IBMVMC_STATE_INITIAL;
	mutex_lock(&node->lock);
	info->resets = node->resets;
	host = node->host;
	/* Under the node's lock, lest a detached device be counted twice. */
	if (host) {
		mutex_lock(&host->lock);
		if (host->adapter)
			ibmvmc_get_info(host->adapter, &info->channel);
		else
			info->channel.resets = host->resets;
		mutex_unlock(&host->lock);
	}
	mutex_unlock(&node->lock);
	info->resets += info->channel.resets;
}

int ibmvmc_node_provide(struct ibmvmc_node *node,
			const struct ibmvmc_provider *provider)
{
	int rc = 0;

	down_write(&node->provider_lock);
	if (node->provider)
		rc = -EBUSY;
	else
		node->provider = provider;
	up_write(&node->provider_lock);
	return rc;
}

void ibmvmc_node_withdraw(struct ibmvmc_node *node,
			  const struct ibmvmc_provider *provider)
{
	down_write(&node->provider_lock);
	WARN_ON(node->provider != provider);
	node->provider = NULL;
	up_write(&node->provider_lock);
}

void ibmvmc_node_announce(struct ibmvmc_node *node)
{
	unsigned long next = READ_ONCE(node->next_uevent);
	unsigned long now = jiffies;

	/* Pairs with the release in ibmvmc_node_show(). */
	if (smp_load_acquire(&node->shown))
		schedule_delayed_work(&node->uevent,
				      time_before(now, next) ? next - now : 0);
}

void ibmvmc_node_changed(struct ibmvmc_node *node)
{
	/* Who sees the number sees what has changed. */
	smp_mb__before_atomic();
	atomic_inc(&node->changes);
	wake_up_interruptible_poll(&node->changed, EPOLLPRI);
	ibmvmc_node_announce(node);
}

/* The place is free for another device: RESETS more were seen. */
static void ibmvmc_node_leave(struct ibmvmc_node *node, u32 resets)
{
	struct ibmvmc_host *host;

	mutex_lock(&node->lock);
	host = node->host;
	node->host = NULL;
	node->resets += resets;
	mutex_unlock(&node->lock);
	ibmvmc_host_put(host);
}

int ibmvmc_node_attach(struct ibmvmc_node *node,
		       const struct ibmvmc_transport *transport,
		       struct ibmvmc_host **host)
{
	int rc;

	*host = NULL;
	mutex_lock(&node->lock);
	rc = node->host ? -EBUSY : ibmvmc_host_new(node, transport, host);
	if (!rc)
		node->host = *host;
	mutex_unlock(&node->lock);
	if (rc)
		return rc;

	rc = ibmvmc_host_start(*host);
	if (rc) {
		ibmvmc_host_stop(*host);
		ibmvmc_node_leave(node, 0);
		*host = NULL;
	}
	return rc;
}

int ibmvmc_node_detach(struct ibmvmc_node *node, struct ibmvmc_host *host)
{
	int rc;

	/*
	 * It is a reset more, whatever the sessions had seen before. Told first,
	 * lest somebody asks why the channel is gone before it can be said.
	 */
	mutex_lock(&node->lock);
	node->resets++;
	WRITE_ONCE(node->last_reset, IBMVMC_RESET_REMOVED);
	mutex_unlock(&node->lock);
	/* Who comes to it meanwhile finds it stopped. */
	rc = ibmvmc_host_stop(host);
	ibmvmc_node_leave(node, host->resets);
	ibmvmc_node_changed(node);
	return rc;
}
