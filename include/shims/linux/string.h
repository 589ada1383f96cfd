/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/string.h>: user-space replacement for the header of the kernel.
 */
#ifndef VMC_SHIM_LINUX_STRING_H
#define VMC_SHIM_LINUX_STRING_H

#include <string.h>

#endif
