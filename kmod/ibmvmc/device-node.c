// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The node /dev/ibmvmc: exists as long as the module, gives access to the
 * attached device, and requests a device from the hypervisor. Attaching and
 * detaching is in attach.c, open files are in file.c.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "engine/engine-limits.h"
#include "internal.h"
#include "uapi/ibmvmc.h"

struct ibmvmc_node *ibmvmc_node_new(const struct ibmvmc_config *config,
				    const struct file_operations *fops,
				    const struct attribute_group **groups)
{
	struct ibmvmc_node *node;

	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return NULL;
	node->config = *config;
	mutex_init(&node->lock);
	mutex_init(&node->request_lock);
	init_rwsem(&node->provider_lock);
	ibmvmc_report_init(node);

	node->misc.minor = MISC_DYNAMIC_MINOR;
	node->misc.name = "ibmvmc";
	node->misc.mode = 0600;
	node->misc.fops = fops;
	node->misc.groups = groups;
	return node;
}

int ibmvmc_node_show(struct ibmvmc_node *node)
{
	int rc = misc_register(&node->misc);

	if (!rc)
		ibmvmc_report_start(node);
	return rc;
}

void ibmvmc_node_free(struct ibmvmc_node *node)
{
	if (node->shown) {
		ibmvmc_report_stop(node);
		misc_deregister(&node->misc);
	}
	ratelimit_state_exit(&node->log_limit);
	mutex_destroy(&node->request_lock);
	mutex_destroy(&node->lock);
	kfree(node);
}

struct ibmvmc_device *ibmvmc_node_get_device(struct ibmvmc_node *node)
{
	struct ibmvmc_device *device;

	mutex_lock(&node->lock);
	device = node->device;
	if (device)
		ibmvmc_device_get(device);
	mutex_unlock(&node->lock);
	return device;
}

void ibmvmc_node_get_info(struct ibmvmc_node *node,
			  struct ibmvmc_node_info *info)
{
	struct ibmvmc_device *device;

	memset(info, 0, sizeof(*info));
	info->channel.state = IBMVMC_STATE_INITIAL;
	mutex_lock(&node->lock);
	info->resets = node->resets;
	device = node->device;
	/* Hold the node's lock, so that a detach is not counted twice. */
	if (device) {
		mutex_lock(&device->lock);
		if (device->adapter)
			ibmvmc_get_info(device->adapter, &info->channel);
		else
			info->channel.resets = device->resets;
		mutex_unlock(&device->lock);
	}
	mutex_unlock(&node->lock);
	info->resets += info->channel.resets;
}

static int ibmvmc_ask_provider(struct ibmvmc_node *node, u32 *drc_index,
			       u32 *delay_ms)
{
	const struct ibmvmc_provider *provider;
	int rc = -ENODEV;

	down_read(&node->provider_lock);
	provider = node->provider;
	if (provider)
		rc = provider->request_vmc(provider->data, drc_index, delay_ms);
	up_read(&node->provider_lock);
	/* The ioctl would return a positive value as a success. */
	return rc > 0 ? -EIO : rc;
}

int ibmvmc_node_request(struct ibmvmc_node *node, u32 *drc_index)
{
	unsigned long give_up =
		jiffies + msecs_to_jiffies(IBMVMC_REQUEST_TOTAL_MS);
	u32 delay_ms = 0;
	u32 index = 0;
	int rc;

	if (mutex_lock_interruptible(&node->request_lock))
		return -EINTR;
	for (;;) {
		rc = ibmvmc_ask_provider(node, &index, &delay_ms);
		if (rc != -EBUSY)
			break;
		rc = -ETIMEDOUT;
		if (time_after(jiffies, give_up))
			break;
		rc = -EINTR;
		if (msleep_interruptible(clamp_t(u32, delay_ms,
						 IBMVMC_DELAY_MIN_MS,
						 IBMVMC_DELAY_MAX_MS)))
			break;
	}
	if (!rc) {
		WRITE_ONCE(node->drc_index, index);
		*drc_index = index;
		ibmvmc_node_changed(node);
	}
	mutex_unlock(&node->request_lock);
	return rc;
}
