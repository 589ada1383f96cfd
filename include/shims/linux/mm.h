/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name, where older
 * kernels declare kvzalloc() and kvfree().
 */
#ifndef VMC_SHIM_LINUX_MM_H
#define VMC_SHIM_LINUX_MM_H

#include <linux/slab.h>

#endif
