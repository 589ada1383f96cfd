/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name.
 */
#ifndef VMC_SHIM_LINUX_STRING_H
#define VMC_SHIM_LINUX_STRING_H

#include <string.h>

#endif
