/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name. The system header
 * comes first because the C library itself includes it by this name.
 */
#ifndef VMC_SHIM_LINUX_KERNEL_H
#define VMC_SHIM_LINUX_KERNEL_H

#pragma GCC system_header

#include_next <linux/kernel.h>

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define U8_MAX ((u8)~0U)

#endif
