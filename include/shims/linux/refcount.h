/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/refcount.h>: user-space replacement for the header of the kernel. It
 * does not saturate; the sanitizers catch the same errors.
 */
#ifndef VMC_SHIM_LINUX_REFCOUNT_H
#define VMC_SHIM_LINUX_REFCOUNT_H

#pragma GCC system_header

#include <linux/types.h>

typedef struct {
	unsigned int refs;
} refcount_t;

static inline void refcount_set(refcount_t *count, unsigned int value)
{
	__atomic_store_n(&count->refs, value, __ATOMIC_RELAXED);
}

static inline unsigned int refcount_read(const refcount_t *count)
{
	return __atomic_load_n(&count->refs, __ATOMIC_RELAXED);
}

static inline void refcount_inc(refcount_t *count)
{
	__atomic_add_fetch(&count->refs, 1, __ATOMIC_RELAXED);
}

static inline bool refcount_dec_and_test(refcount_t *count)
{
	return __atomic_sub_fetch(&count->refs, 1, __ATOMIC_ACQ_REL) == 0;
}

#endif
