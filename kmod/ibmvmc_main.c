// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module ibmvmc: the protocol engine of the Virtual Management Channel, and
 * what of it a transport in another module uses.
 */
#include <linux/module.h>

#include "compat.h"
#include "engine/engine.h"

VMC_EXPORT_SYMBOL(ibmvmc_adapter_new, IBMVMC);
VMC_EXPORT_SYMBOL(ibmvmc_adapter_free, IBMVMC);
VMC_EXPORT_SYMBOL(ibmvmc_stop, IBMVMC);
VMC_EXPORT_SYMBOL(ibmvmc_service, IBMVMC);
VMC_EXPORT_SYMBOL(ibmvmc_timer, IBMVMC);

MODULE_DESCRIPTION("IBM Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
