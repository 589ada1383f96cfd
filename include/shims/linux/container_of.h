/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/container_of.h>: user-space replacement for the header of the kernel.
 */
#ifndef VMC_SHIM_LINUX_CONTAINER_OF_H
#define VMC_SHIM_LINUX_CONTAINER_OF_H

#pragma GCC system_header

#include <stddef.h>

#ifndef container_of
#define container_of(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))
#endif

#endif
