/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parameters of a module that hosts a simulated hypervisor. They are that
 * module's own: its main file includes this, and no other file does.
 */
#ifndef VMC_HV_PARAMS_H
#define VMC_HV_PARAMS_H

#include <linux/minmax.h>
#include <linux/module.h>

#include "hv.h"

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

/**
 * vmc_hv_params() - what the parameters say
 *
 * Return: the configuration, which vmc_hv_new() checks.
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
