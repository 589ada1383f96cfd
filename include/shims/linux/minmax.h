/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/minmax.h>: user-space replacement for the header of the kernel.
 * Arguments are evaluated once. Mixed types are not refused; the kernel build
 * does that.
 */
#ifndef VMC_SHIM_LINUX_MINMAX_H
#define VMC_SHIM_LINUX_MINMAX_H

#pragma GCC system_header

#define min(a, b)                                              \
	__extension__({                                        \
		__typeof__(a) vmc_min_a = (a);                 \
		__typeof__(b) vmc_min_b = (b);                 \
		vmc_min_a < vmc_min_b ? vmc_min_a : vmc_min_b; \
	})
#define max(a, b)                                              \
	__extension__({                                        \
		__typeof__(a) vmc_max_a = (a);                 \
		__typeof__(b) vmc_max_b = (b);                 \
		vmc_max_a > vmc_max_b ? vmc_max_a : vmc_max_b; \
	})
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(value, low, high)                                          \
	__extension__({                                                  \
		__typeof__(value) vmc_clamp_v = (value);                 \
		__typeof__(low) vmc_clamp_l = (low);                     \
		__typeof__(high) vmc_clamp_h = (high);                   \
		vmc_clamp_v<vmc_clamp_l ? vmc_clamp_l : vmc_clamp_v>     \
				vmc_clamp_h ? vmc_clamp_h : vmc_clamp_v; \
	})
#define clamp_t(type, value, low, high) \
	clamp((type)(value), (type)(low), (type)(high))

#endif
