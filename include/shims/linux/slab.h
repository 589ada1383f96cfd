/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/slab.h>: user-space replacement for the header of the kernel: memory
 * from calloc(), which checks the multiplication as kcalloc() does.
 */
#ifndef VMC_SHIM_LINUX_SLAB_H
#define VMC_SHIM_LINUX_SLAB_H

#pragma GCC system_header

#include <linux/types.h>
#include <stdlib.h>

#ifndef GFP_KERNEL
#define GFP_KERNEL 0U
#define GFP_KERNEL_ACCOUNT 0U
#endif

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	(void)flags;
	return calloc(n, size);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kcalloc(1, size, flags);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kcalloc(1, size, flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kcalloc(n, size, flags);
}

static inline void kfree(const void *memory)
{
	free((void *)memory);
}

static inline void kvfree(const void *memory)
{
	free((void *)memory);
}

#endif
