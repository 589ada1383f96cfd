/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/log2.h>: user-space replacement for the header of the kernel.
 */
#ifndef VMC_SHIM_LINUX_LOG2_H
#define VMC_SHIM_LINUX_LOG2_H

#pragma GCC system_header

#include <linux/types.h>

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#endif
