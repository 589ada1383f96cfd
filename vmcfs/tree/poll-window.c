// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Poll window: counts short sleeps, hits and misses. It polls nothing.
 */
#include "poll-window.h"

#include "../defaults.h"

/* Sleeps in a row that open the window: at first, and at most. */
#define NEEDED_MIN 4
#define NEEDED_MAX 4096

/* Misses in a row that close the window. */
#define MISSES_MAX 2

/* Hits in a row that show a client which waits for one reply after the other. */
#define HITS_STEADY 16

/* Hits after which earlier closings are forgotten. */
#define HITS_PROVEN 256

/*
 * Rest, the time without polls after a preemption: minimum and maximum. It doubles
 * if the next preemption follows the end of the last rest within the doubled time,
 * as on a busy machine; a later preemption starts again with the minimum.
 */
#define REST_MIN_US (100 * 1000)
#define REST_MAX_US (10 * G_USEC_PER_SEC)

/* A sleep after which useless openings are forgotten: another client may come. */
#define PAUSE_US (10 * 1000)

/*
 * A sleep includes the wake-up at its end, and with it the wake-ups of the other
 * side, which polling shortens too.
 */
#define SHORT_SLEEP_LIMITS 4

void poll_window_init(struct poll_window *window, guint limit_us)
{
	*window = (struct poll_window){
		.limit_us = limit_us,
		.needed = NEEDED_MIN,
		.rest_us = REST_MIN_US,
	};
}

static void close_window(struct poll_window *window)
{
	if (window->hits >= HITS_PROVEN)
		window->needed = NEEDED_MIN;
	else
		window->needed = MIN(2 * window->needed, NEEDED_MAX);
	window->open = FALSE;
	window->short_sleeps = 0;
	window->hits_in_row = 0;
}

void poll_window_slept(struct poll_window *window, gint64 us, gint64 now)
{
	if (!window->limit_us || window->open)
		return;
	if (us > (gint64)window->limit_us * SHORT_SLEEP_LIMITS) {
		window->short_sleeps = 0;
		if (us >= PAUSE_US)
			window->needed = NEEDED_MIN;
		return;
	}
	if (++window->short_sleeps < window->needed ||
	    now < window->closed_until)
		return;
	window->open = TRUE;
	window->hits = 0;
	window->misses = 0;
}

void poll_window_bulk(struct poll_window *window)
{
	window->short_sleeps = 0;
	window->hits_in_row = 0;
}

gboolean poll_window_is_steady(const struct poll_window *window)
{
	return window->hits_in_row >= HITS_STEADY;
}

void poll_window_hit(struct poll_window *window)
{
	window->misses = 0;
	window->hits_in_row++;
	window->hits++;
}

void poll_window_missed(struct poll_window *window)
{
	window->hits_in_row = 0;
	if (++window->misses >= MISSES_MAX)
		close_window(window);
}

void poll_window_preempted(struct poll_window *window, gint64 now)
{
	close_window(window);
	if (now - window->closed_until > window->rest_us)
		window->rest_us = REST_MIN_US;
	window->closed_until = now + window->rest_us;
	window->rest_us = MIN(2 * window->rest_us, REST_MAX_US);
}
