/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User-space stand-in for the kernel's header of this name: in a library
 * everything global is exported anyway.
 */
#ifndef VMC_SHIM_LINUX_EXPORT_H
#define VMC_SHIM_LINUX_EXPORT_H

#include <assert.h>

#define EXPORT_SYMBOL(symbol) static_assert(1, "")
#define EXPORT_SYMBOL_GPL(symbol) static_assert(1, "")
#define EXPORT_SYMBOL_NS_GPL(symbol, space) static_assert(1, "")

#endif
