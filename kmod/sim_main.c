// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module ibmvmc-sim: the simulated channel, a transport on any machine.
 */
#include <linux/module.h>

#include "compat.h"

MODULE_DESCRIPTION("Simulated Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
VMC_IMPORT_NAMESPACE(IBMVMC);
VMC_IMPORT_NAMESPACE(VMC_HV);
