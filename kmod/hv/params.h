/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters of a module that hosts a simulated hypervisor. Only the main file
 * of such a module may include this, because it defines the module's parameters.
 */
#ifndef VMC_HV_PARAMS_H
#define VMC_HV_PARAMS_H

#include <linux/minmax.h>
#include <linux/module.h>

#include "hv.h"

/* clang-format off */
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
MODULE_PARM_DESC(delay_ms, "delay of the hypervisor before it handles an entry, in milliseconds, 0 to "
		 __stringify(VMC_HV_DELAY_MAX_MS) ", default 0");

/* clang-format on */

/**
 * vmc_hv_params() - get the configuration from the module's parameters
 *
 * Return: the configuration, not checked; vmc_hv_new() does that.
 */
static inline struct vmc_hv_config vmc_hv_params(void)
{
	return (struct vmc_hv_config){
		.hmcs = min_t(unsigned int, hmcs, U8_MAX),
		.pool = min_t(unsigned int, pool, U16_MAX),
		.mtu = mtu,
		.crq_entries = VMC_CRQ_ENTRIES_4K,
		.delay_ms = delay_ms,
	};
}

#endif
