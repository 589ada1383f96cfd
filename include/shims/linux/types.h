/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/types.h>: user-space replacement for the header of the kernel: the
 * short type names of the kernel, in addition to the system header. It has only
 * the types that kmod/engine and kmod/hv use.
 */
#ifndef VMC_SHIM_LINUX_TYPES_H
#define VMC_SHIM_LINUX_TYPES_H

#pragma GCC system_header

#include_next <linux/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

typedef unsigned int gfp_t;

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

#endif
