/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compatibility: hides the differences between kernel versions from the
 * modules. No other file checks the version of the kernel.
 */
#ifndef VMC_COMPAT_H
#define VMC_COMPAT_H

#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/version.h>

/* The name of a symbol namespace is a string since 6.13, a word before. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define VMC_EXPORT(symbol, space) EXPORT_SYMBOL_NS_GPL(symbol, #space)
#define VMC_IMPORT_NAMESPACE(space) MODULE_IMPORT_NS(#space)
#else
#define VMC_EXPORT(symbol, space) EXPORT_SYMBOL_NS_GPL(symbol, space)
#define VMC_IMPORT_NAMESPACE(space) MODULE_IMPORT_NS(space)
#endif

/* A timer and its function are set up by one call since 6.13. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define vmc_hrtimer_setup hrtimer_setup
#else
static inline void
vmc_hrtimer_setup(struct hrtimer *timer,
		  enum hrtimer_restart (*function)(struct hrtimer *timer),
		  clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif
