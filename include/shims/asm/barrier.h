/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <asm/barrier.h>: user-space replacement for the header of the kernel. It does
 * not order device accesses: the partner is at most another thread, so fences
 * of the compiler suffice.
 */
#ifndef VMC_SHIM_ASM_BARRIER_H
#define VMC_SHIM_ASM_BARRIER_H

#pragma GCC system_header

#define dma_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define dma_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_wmb() dma_wmb()
#define virt_store_release(pointer, value) \
	__atomic_store_n((pointer), (value), __ATOMIC_RELEASE)

#endif
