/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/mm.h>: user-space replacement for the header of the kernel, where
 * older kernels declare kvzalloc() and kvfree().
 */
#ifndef VMC_SHIM_LINUX_MM_H
#define VMC_SHIM_LINUX_MM_H

#include <linux/slab.h>

#endif
