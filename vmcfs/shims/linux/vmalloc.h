/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name, which declares
 * vzalloc() and vfree().
 */
#ifndef VMC_SHIM_LINUX_VMALLOC_H
#define VMC_SHIM_LINUX_VMALLOC_H

#include <linux/slab.h>

#endif
