// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The simulated device for the files of hv_debugfs.c.
 */
#include "hv/debugfs.h"
#include "debugfs.h"
#include "device.h"

static struct vmc_hv *knobs_enter(void *host)
{
	return sim_device_enter(host);
}

static void knobs_leave(void *host)
{
	sim_device_leave(host);
}

static bool knobs_is_live(void *host)
{
	return sim_device_is_live(host);
}

static int knobs_set_live(void *host, bool live)
{
	return sim_device_set_live(host, live);
}

static const struct vmc_hv_debugfs_ops knobs_ops = {
	.enter = knobs_enter,
	.leave = knobs_leave,
	.is_live = knobs_is_live,
	.set_live = knobs_set_live,
};

void sim_debugfs_init(struct sim_device *device)
{
	vmc_hv_debugfs_init(&device->knobs, "ibmvmc-sim", &knobs_ops, device);
}

void sim_debugfs_exit(struct sim_device *device)
{
	vmc_hv_debugfs_exit(&device->knobs);
}
