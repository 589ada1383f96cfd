// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module vmc-phyp: a Virtual Management Channel on an emulated POWER
 * partition, and the hypervisor below it. It is for tests, and must not be
 * loaded where a hypervisor has such a device.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "compat.h"
#include "hv/params.h"
#include "phyp.h"
#include "debugfs.h"
#include "device.h"

static bool late;
module_param(late, bool, 0444);
MODULE_PARM_DESC(late, "the partner is away at first, default off");

static struct phyp *phyp;

static int __init vmc_phyp_init(void)
{
	struct vmc_hv_config config = vmc_hv_params();
	int rc;

	rc = phyp_new(&config, &phyp);
	if (rc == -EINVAL)
		pr_err("a parameter is out of range: see modinfo\n");
	if (rc)
		return rc;
	vmc_hv_set_partner(phyp->hv, !late);
	rc = phyp_device_set_live(phyp, true);
	if (rc) {
		phyp_free(phyp);
		return rc;
	}
	phyp_debugfs_init(phyp);
	return 0;
}
module_init(vmc_phyp_init);

static void __exit vmc_phyp_exit(void)
{
	phyp_debugfs_exit(phyp);
	phyp_device_set_live(phyp, false);
	phyp_free(phyp);
}
module_exit(vmc_phyp_exit);

MODULE_DESCRIPTION("Virtual Management Channel on an emulated POWER partition");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
VMC_IMPORT_NAMESPACE(VMC_HV);
