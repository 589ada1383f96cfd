// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hot-plug: adds the device's node to the device tree and registers the device
 * on the bus, and removes both. It does not handle the queue and the calls of
 * the device: crq.c and hcall.c do.
 */
#include <asm/vio.h>
#include <linux/device.h>
#include <linux/errno.h>

#include "internal.h"

static int add(struct phyp *phyp)
{
	struct device_node *node;
	int rc;

	rc = phyp_device_tree_add_device(&phyp->changes, phyp->drc_index,
					 phyp->window, &node);
	if (rc)
		return rc;
	phyp->vdev = vio_register_device_node(node);
	if (!phyp->vdev) {
		phyp_device_tree_remove(&phyp->changes);
		return -ENODEV;
	}
	return 0;
}

static void remove(struct phyp *phyp)
{
	struct device *device = &phyp->vdev->dev;

	/* Some kernels access the device after they have freed it. */
	get_device(device);
	vio_unregister_device(phyp->vdev);
	put_device(device);
	phyp->vdev = NULL;
	phyp_enter(phyp);
	phyp_crq_abandon(phyp);
	phyp_leave(phyp);
	phyp_device_tree_remove(&phyp->changes);
}

int phyp_hotplug_set_live(struct phyp *phyp, bool live)
{
	int rc = 0;

	mutex_lock(&phyp->live_lock);
	if (live && !phyp->vdev)
		rc = add(phyp);
	else if (!live && phyp->vdev)
		remove(phyp);
	mutex_unlock(&phyp->live_lock);
	return rc;
}

bool phyp_hotplug_is_live(struct phyp *phyp)
{
	bool live;

	mutex_lock(&phyp->live_lock);
	live = phyp->vdev;
	mutex_unlock(&phyp->live_lock);
	return live;
}

void phyp_hotplug_set_window(struct phyp *phyp, enum phyp_window window)
{
	mutex_lock(&phyp->live_lock);
	phyp->window = window;
	mutex_unlock(&phyp->live_lock);
}

enum phyp_window phyp_hotplug_window(struct phyp *phyp)
{
	enum phyp_window window;

	mutex_lock(&phyp->live_lock);
	window = phyp->window;
	mutex_unlock(&phyp->live_lock);
	return window;
}
