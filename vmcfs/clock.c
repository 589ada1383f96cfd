// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clock: reads the clocks of the machine for clock_system. It keeps no state.
 */
#include "clock.h"

static gint64 system_monotonic(void *data)
{
	(void)data;
	return g_get_monotonic_time();
}

static struct timespec system_real(void *data)
{
	struct timespec now;

	(void)data;
	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

const struct clock clock_system = {
	.monotonic = system_monotonic,
	.real = system_real,
};

gint64 clock_monotonic(const struct clock *clock)
{
	return clock->monotonic(clock->data);
}

struct timespec clock_real(const struct clock *clock)
{
	return clock->real(clock->data);
}
