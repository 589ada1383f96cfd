// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module ibmvmc, the driver of the Virtual Management Channel: defines its
 * parameters and its file operations, and starts and stops its parts. It
 * handles no entry.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "engine/engine-limits.h"
#include "internal.h"

/* clang-format off */
static unsigned int max_hmcs = VMC_HMCS_DEFAULT;
module_param(max_hmcs, uint, 0444);
MODULE_PARM_DESC(max_hmcs, "HMC connections to offer, "
		 __stringify(VMC_HMCS_MIN) " to " __stringify(VMC_HMCS_MAX)
		 ", default " __stringify(VMC_HMCS_DEFAULT));

static unsigned int buf_pool_size = VMC_POOL_DEFAULT;
module_param(buf_pool_size, uint, 0444);
MODULE_PARM_DESC(buf_pool_size, "buffers of a connection to offer, "
		 __stringify(VMC_POOL_MIN) " to " __stringify(VMC_POOL_MAX)
		 ", default " __stringify(VMC_POOL_DEFAULT));

static unsigned int max_mtu = VMC_MTU_DEFAULT;
module_param(max_mtu, uint, 0444);
MODULE_PARM_DESC(max_mtu, "longest message to offer in bytes, "
		 __stringify(VMC_MTU_MIN) " to " __stringify(VMC_MTU_MAX)
		 ", default " __stringify(VMC_MTU_DEFAULT));

static unsigned int max_waiting = IBMVMC_WAITING_DEFAULT;
module_param(max_waiting, uint, 0444);
MODULE_PARM_DESC(max_waiting, "sessions that may wait to be opened, "
		 __stringify(IBMVMC_WAITING_MIN) " to "
		 __stringify(IBMVMC_WAITING_MAX)
		 ", default " __stringify(IBMVMC_WAITING_DEFAULT)
		 "; one user may have a quarter of them");

/* clang-format on */

static const struct file_operations ibmvmc_fops = {
	.owner = THIS_MODULE,
	.open = ibmvmc_open,
	.release = ibmvmc_close,
	.read_iter = ibmvmc_read,
	.write_iter = ibmvmc_write,
	.poll = ibmvmc_poll,
	.unlocked_ioctl = ibmvmc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct ibmvmc_node *ibmvmc_node;

static int __init ibmvmc_param_check(const char *name, unsigned int value,
				     unsigned int min, unsigned int max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("%s=%u cannot be used: give a number from %u to %u\n", name,
	       value, min, max);
	return -EINVAL;
}

static int __init ibmvmc_module_init(void)
{
	struct ibmvmc_config config;
	int rc;

	if (ibmvmc_param_check("max_hmcs", max_hmcs, VMC_HMCS_MIN,
			       VMC_HMCS_MAX) ||
	    ibmvmc_param_check("buf_pool_size", buf_pool_size, VMC_POOL_MIN,
			       VMC_POOL_MAX) ||
	    ibmvmc_param_check("max_mtu", max_mtu, VMC_MTU_MIN, VMC_MTU_MAX) ||
	    ibmvmc_param_check("max_waiting", max_waiting, IBMVMC_WAITING_MIN,
			       IBMVMC_WAITING_MAX))
		return -EINVAL;
	config.max_hmcs = max_hmcs;
	config.buf_pool_size = buf_pool_size;
	config.max_mtu = max_mtu;
	config.max_waiting = max_waiting;
	ibmvmc_node =
		ibmvmc_node_new(&config, &ibmvmc_fops, ibmvmc_sysfs_groups);
	if (!ibmvmc_node)
		return -ENOMEM;
	ibmvmc_attach_init(ibmvmc_node);
	ibmvmc_debugfs_init(ibmvmc_node);

	rc = ibmvmc_pseries_init(&ibmvmc_node->config);
	if (rc)
		goto free_node;
	rc = ibmvmc_node_show(ibmvmc_node);
	if (rc)
		goto exit_pseries;
	return 0;

exit_pseries:
	ibmvmc_pseries_exit();
free_node:
	ibmvmc_debugfs_exit(ibmvmc_node);
	ibmvmc_node_free(ibmvmc_node);
	return rc;
}
module_init(ibmvmc_module_init);

static void __exit ibmvmc_module_exit(void)
{
	ibmvmc_pseries_exit();
	ibmvmc_debugfs_exit(ibmvmc_node);
	ibmvmc_node_free(ibmvmc_node);
}
module_exit(ibmvmc_module_exit);

MODULE_DESCRIPTION("IBM Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
