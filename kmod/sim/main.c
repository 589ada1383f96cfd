// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module ibmvmc-sim: provides a simulated channel for /dev/ibmvmc on every
 * machine. It does not implement the device: sim-device.c does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "compat.h"
#include "hv/params.h"
#include "sim-device.h"

static struct sim_device *sim_device;

static int __init sim_init(void)
{
	struct vmc_hv_config config = vmc_hv_params();
	int rc;

	rc = sim_device_new(&config, &sim_device);
	if (rc == -EINVAL)
		pr_err("a parameter is out of range: see modinfo\n");
	if (rc == -EBUSY)
		pr_err("another module provides the channel already: unload it first\n");
	if (rc)
		return rc;
	rc = sim_device_set_live(sim_device, true);
	if (rc) {
		sim_device_free(sim_device);
		return rc;
	}
	sim_device_add_knobs(sim_device);
	return 0;
}
module_init(sim_init);

static void __exit sim_exit(void)
{
	sim_device_remove_knobs(sim_device);
	sim_device_free(sim_device);
}
module_exit(sim_exit);

MODULE_DESCRIPTION("Simulated Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
VMC_IMPORT_NAMESPACE(IBMVMC);
VMC_IMPORT_NAMESPACE(VMC_HV);
