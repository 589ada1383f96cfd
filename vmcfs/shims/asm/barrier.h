/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name. The partner is
 * another thread at most, so the fences of C do.
 */
#ifndef VMC_SHIM_ASM_BARRIER_H
#define VMC_SHIM_ASM_BARRIER_H

#pragma GCC system_header

#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define dma_rmb() smp_rmb()
#define dma_wmb() smp_wmb()

#endif
