// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module ibmvmc: the driver of the Virtual Management Channel. It makes the
 * node and, for the modules that bring a channel, the way to it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "attach.h"
#include "compat.h"
#include "engine/limits.h"
#include "node.h"
#include "pseries.h"

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

/* There is one node, and who attaches a device does not know it by another way. */
static struct ibmvmc_node *ibmvmc_node;

int ibmvmc_provider_register(const struct ibmvmc_provider *provider)
{
	return ibmvmc_node_provide(ibmvmc_node, provider);
}

VMC_EXPORT(ibmvmc_provider_register, IBMVMC);

void ibmvmc_provider_unregister(const struct ibmvmc_provider *provider)
{
	ibmvmc_node_withdraw(ibmvmc_node, provider);
}

VMC_EXPORT(ibmvmc_provider_unregister, IBMVMC);

int ibmvmc_attach(const struct ibmvmc_transport *transport,
		  struct ibmvmc_host **host)
{
	return ibmvmc_node_attach(ibmvmc_node, transport, host);
}

VMC_EXPORT(ibmvmc_attach, IBMVMC);

int ibmvmc_detach(struct ibmvmc_host *host)
{
	return ibmvmc_node_detach(ibmvmc_node, host);
}

VMC_EXPORT(ibmvmc_detach, IBMVMC);

static int __init ibmvmc_param_check(const char *name, unsigned int value,
				     unsigned int min, unsigned int max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("%s=%u cannot be used: give a number from %u to %u\n",
	       name, value, min, max);
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
	ibmvmc_node = ibmvmc_node_new(&config);
	if (!ibmvmc_node)
		return -ENOMEM;

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
	ibmvmc_node_free(ibmvmc_node);
	return rc;
}
module_init(ibmvmc_module_init);

static void __exit ibmvmc_module_exit(void)
{
	ibmvmc_pseries_exit();
	ibmvmc_node_free(ibmvmc_node);
}
module_exit(ibmvmc_module_exit);

MODULE_DESCRIPTION("IBM Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
