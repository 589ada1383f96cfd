/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/kernel.h>: user-space replacement for the header of the kernel. The
 * system header is included first because the C library includes it by this
 * name.
 */
#ifndef VMC_SHIM_LINUX_KERNEL_H
#define VMC_SHIM_LINUX_KERNEL_H

#pragma GCC system_header

#include_next <linux/kernel.h>

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include <stdarg.h>
#include <stdio.h>

#define U8_MAX ((u8)~0U)

static inline int __attribute__((format(printf, 3, 4)))
scnprintf(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(text, size, format, arguments);
	va_end(arguments);
	return (size_t)len < size ? len : size ? (int)size - 1 : 0;
}

#endif
