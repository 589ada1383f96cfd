/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clock: the monotonic and the wall clock of the daemon as an object, which a
 * test or a simulation can replace. It sets no timers.
 */
#ifndef VMCFS_CLOCK_H
#define VMCFS_CLOCK_H

#include <glib.h>
#include <time.h>

/**
 * struct clock - a source of time
 * @monotonic: reader of the monotonic clock, in microseconds
 * @real: reader of the wall clock
 * @data: argument of both functions
 */
struct clock {
	gint64 (*monotonic)(void *data);
	struct timespec (*real)(void *data);
	void *data;
};

/* The clock of the machine. */
extern const struct clock clock_system;

/**
 * clock_monotonic() - read the monotonic time
 * @clock: clock to read
 *
 * Return: microseconds since an arbitrary start.
 */
gint64 clock_monotonic(const struct clock *clock);

/**
 * clock_real() - read the wall clock
 * @clock: clock to read
 *
 * Return: seconds and nanoseconds since 1970.
 */
struct timespec clock_real(const struct clock *clock);

#endif
