/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/compiler.h>: user-space replacement for the header of the kernel:
 * accesses that the compiler must neither repeat nor tear.
 */
#ifndef VMC_SHIM_LINUX_COMPILER_H
#define VMC_SHIM_LINUX_COMPILER_H

#pragma GCC system_header

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)                               \
	do {                                               \
		*(volatile __typeof__(x) *)&(x) = (value); \
	} while (0)

#endif
