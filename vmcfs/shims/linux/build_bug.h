/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name: checks that are
 * made while compiling.
 */
#ifndef VMC_SHIM_LINUX_BUILD_BUG_H
#define VMC_SHIM_LINUX_BUILD_BUG_H

#pragma GCC system_header

#include <assert.h>

#define BUILD_BUG_ON(condition) static_assert(!(condition), #condition)

#endif
