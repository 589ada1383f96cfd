/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name: accesses that the
 * compiler must neither repeat nor tear, and attributes.
 */
#ifndef VMC_SHIM_LINUX_COMPILER_H
#define VMC_SHIM_LINUX_COMPILER_H

#pragma GCC system_header

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)                                                   \
	do {                                                                   \
		*(volatile __typeof__(x) *)&(x) = (value);                     \
	} while (0)

#define barrier() __asm__ __volatile__("" ::: "memory")
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#ifndef __must_check
#define __must_check __attribute__((__warn_unused_result__))
#endif
#ifndef fallthrough
#define fallthrough __attribute__((__fallthrough__))
#endif

#endif
