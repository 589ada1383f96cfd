// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual clock: overrides clock_gettime() of the C library by a definition
 * that the dynamic linker prefers, and replaces the poll function by one that
 * advances the clock.
 */
#include "virtual-clock.h"

#include <time.h>

#define US_PER_S 1000000

static gint64 now_us;
static gint64 limit_us = G_MAXINT64;

int clock_gettime(clockid_t id, struct timespec *time)
{
	(void)id;
	time->tv_sec = now_us / US_PER_S;
	time->tv_nsec = now_us % US_PER_S * 1000;
	return 0;
}

/* Only timeouts wake up the context. */
static gint wait_by_clock(GPollFD *fds, guint count, gint timeout_ms)
{
	for (guint i = 0; i < count; i++)
		fds[i].revents = 0;
	if (timeout_ms < 0 ||
	    now_us + timeout_ms * G_GINT64_CONSTANT(1000) > limit_us)
		now_us = limit_us == G_MAXINT64 ? now_us : limit_us;
	else
		now_us += timeout_ms * G_GINT64_CONSTANT(1000);
	return 0;
}

void virtual_clock_start(gint64 us)
{
	now_us = us;
	g_main_context_set_poll_func(NULL, wait_by_clock);
}

gint64 virtual_clock_us(void)
{
	return now_us;
}

void virtual_clock_run_for(gint64 ms)
{
	limit_us = now_us + ms * 1000;
	while (now_us < limit_us)
		g_main_context_iteration(NULL, TRUE);
	limit_us = G_MAXINT64;
	while (g_main_context_iteration(NULL, FALSE))
		;
}

void virtual_clock_turn(void)
{
	g_main_context_iteration(NULL, TRUE);
}
