// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attachment: registers the provider of the channel, and attaches and detaches
 * its device. It does not start or stop the engine of a device: vmc-device.c does.
 */
#include "compat.h"
#include "internal.h"
#include "uapi/ibmvmc.h"

/* The module's only node, for callers from other modules. */
static struct ibmvmc_node *ibmvmc_node;

void ibmvmc_attach_init(struct ibmvmc_node *node)
{
	ibmvmc_node = node;
}

int ibmvmc_provider_register(const struct ibmvmc_provider *provider)
{
	struct ibmvmc_node *node = ibmvmc_node;
	int rc = 0;

	down_write(&node->provider_lock);
	if (node->provider)
		rc = -EBUSY;
	else
		node->provider = provider;
	up_write(&node->provider_lock);
	return rc;
}

VMC_EXPORT(ibmvmc_provider_register, IBMVMC);

void ibmvmc_provider_unregister(const struct ibmvmc_provider *provider)
{
	struct ibmvmc_node *node = ibmvmc_node;

	down_write(&node->provider_lock);
	WARN_ON(node->provider != provider);
	node->provider = NULL;
	up_write(&node->provider_lock);
}

VMC_EXPORT(ibmvmc_provider_unregister, IBMVMC);

/* Make room for another device, and add the resets of this one. */
static void ibmvmc_node_leave(struct ibmvmc_node *node, u32 resets)
{
	struct ibmvmc_device *device;

	mutex_lock(&node->lock);
	device = node->device;
	node->device = NULL;
	node->resets += resets;
	mutex_unlock(&node->lock);
	ibmvmc_device_put(device);
}

int ibmvmc_attach(const struct ibmvmc_transport *transport,
		  struct ibmvmc_device **device)
{
	struct ibmvmc_node *node = ibmvmc_node;
	int rc;

	*device = NULL;
	mutex_lock(&node->lock);
	rc = node->device ? -EBUSY : ibmvmc_device_new(node, transport, device);
	if (!rc)
		node->device = *device;
	mutex_unlock(&node->lock);
	if (rc)
		return rc;

	rc = ibmvmc_device_start(*device);
	if (rc) {
		ibmvmc_device_stop(*device);
		ibmvmc_node_leave(node, 0);
		*device = NULL;
	}
	return rc;
}

VMC_EXPORT(ibmvmc_attach, IBMVMC);

int ibmvmc_detach(struct ibmvmc_device *device)
{
	struct ibmvmc_node *node = ibmvmc_node;
	int rc;

	/*
	 * A detach counts as one reset. Set the reason before the channel goes
	 * down, so that no reader sees it down without the reason.
	 */
	mutex_lock(&node->lock);
	node->resets++;
	WRITE_ONCE(node->last_reset, IBMVMC_RESET_REMOVED);
	mutex_unlock(&node->lock);
	/* Until it leaves the node, new users find the device stopped. */
	rc = ibmvmc_device_stop(device);
	ibmvmc_node_leave(node, device->resets);
	ibmvmc_node_changed(node);
	return rc;
}

VMC_EXPORT(ibmvmc_detach, IBMVMC);
