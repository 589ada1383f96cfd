// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module ibmvmc-sim: a simulated device behind /dev/ibmvmc, on any machine.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "compat.h"
#include "sim_debugfs.h"
#include "sim_device.h"

static unsigned int hmcs = VMC_HMCS_DEFAULT;
module_param(hmcs, uint, 0444);
MODULE_PARM_DESC(hmcs, "HMC connections that the hypervisor offers, "
		 __stringify(VMC_HMCS_MIN) " to " __stringify(VMC_HMCS_MAX)
		 ", default " __stringify(VMC_HMCS_DEFAULT));

static unsigned int pool = VMC_POOL_DEFAULT;
module_param(pool, uint, 0444);
MODULE_PARM_DESC(pool, "buffers of a connection, "
		 __stringify(VMC_HV_POOL_MIN) " to " __stringify(VMC_POOL_MAX)
		 ", default " __stringify(VMC_POOL_DEFAULT));

static unsigned int mtu = VMC_MTU_MAX;
module_param(mtu, uint, 0444);
MODULE_PARM_DESC(mtu, "longest message in bytes, "
		 __stringify(VMC_HV_MTU_MIN) " to " __stringify(VMC_MTU_MAX)
		 ", default " __stringify(VMC_MTU_MAX));

static unsigned int delay_ms;
module_param(delay_ms, uint, 0444);
MODULE_PARM_DESC(delay_ms, "how long the hypervisor thinks over each entry, 0 to "
		 __stringify(VMC_HV_DELAY_MAX_MS) ", default 0");

static struct sim_device *sim_device;

static int __init sim_init(void)
{
	struct vmc_hv_config config = {
		.hmcs = min_t(unsigned int, hmcs, U8_MAX),
		.pool = min_t(unsigned int, pool, U16_MAX),
		.mtu = mtu,
		.crq_entries = VMC_CRQ_ENTRIES_4K,
		.delay_ms = delay_ms,
	};
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
	sim_debugfs_init(sim_device);
	return 0;
}
module_init(sim_init);

static void __exit sim_exit(void)
{
	sim_debugfs_exit(sim_device);
	sim_device_free(sim_device);
}
module_exit(sim_exit);

MODULE_DESCRIPTION("Simulated Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
VMC_IMPORT_NAMESPACE(IBMVMC);
VMC_IMPORT_NAMESPACE(VMC_HV);
