// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module vmc-hv: exports the simulated hypervisor to the modules that host one.
 * It creates none itself.
 */
#include <linux/module.h>

#include "compat.h"
#include "hv.h"

VMC_EXPORT(vmc_hv_new, VMC_HV);
VMC_EXPORT(vmc_hv_free, VMC_HV);
VMC_EXPORT(vmc_hv_register_queue, VMC_HV);
VMC_EXPORT(vmc_hv_free_queue, VMC_HV);
VMC_EXPORT(vmc_hv_enable_queue, VMC_HV);
VMC_EXPORT(vmc_hv_set_interrupts, VMC_HV);
VMC_EXPORT(vmc_hv_send, VMC_HV);
VMC_EXPORT(vmc_hv_copy_in, VMC_HV);
VMC_EXPORT(vmc_hv_copy_out, VMC_HV);
VMC_EXPORT(vmc_hv_lend, VMC_HV);
VMC_EXPORT(vmc_hv_request_vmc, VMC_HV);
VMC_EXPORT(vmc_hv_step, VMC_HV);
VMC_EXPORT(vmc_hv_next_step, VMC_HV);
VMC_EXPORT(vmc_hv_set_partner, VMC_HV);
VMC_EXPORT(vmc_hv_violation, VMC_HV);
VMC_EXPORT(vmc_hv_get_stats, VMC_HV);

MODULE_DESCRIPTION("Simulated hypervisor of the Virtual Management Channel");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
