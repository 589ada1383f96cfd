/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Poll window: decides whether the daemon polls for the next request before it
 * sleeps. It polls nothing, reads no clock, and measures no duration: serve.c
 * does.
 *
 * A request that finds the daemon asleep on another processor waits for a
 * wake-up, which takes longer than the request itself. Polling saves the
 * wake-up if the next request comes soon; otherwise it takes processor time
 * from others. So the window opens after several short sleeps in a row, and
 * closes when polls miss, or when the daemon was preempted while it polled.
 * Each closing doubles the number of short sleeps that open it again, until a pause.
 */
#ifndef VMCFS_POLL_WINDOW_H
#define VMCFS_POLL_WINDOW_H

#include <glib.h>

/**
 * struct poll_window - the decision, and what it is based on
 * @limit_us: microseconds to poll at most; 0 never polls
 * @open: polls are worth while
 * @needed: short sleeps in a row that open the window
 * @short_sleeps: short sleeps in a row
 * @hits: polls since the window opened that were ended by a request
 * @hits_in_row: the same since the last sleep
 * @misses: polls in a row that no request ended
 * @closed_until: monotonic microseconds before which it does not open
 * @rest_us: rest after a preemption that follows @closed_until within this time; a
 *	later one has the minimum
 */
struct poll_window {
	guint limit_us;
	gboolean open;
	guint needed;
	guint short_sleeps;
	guint hits;
	guint hits_in_row;
	guint misses;
	gint64 closed_until;
	gint64 rest_us;
};

/**
 * poll_window_init() - begin with a closed window
 * @window: filled completely
 * @limit_us: microseconds to poll at most, 0..VMCFS_POLL_MAX_US
 */
void poll_window_init(struct poll_window *window, guint limit_us);

/**
 * poll_window_slept() - note a sleep that a request ended
 * @window: initialised
 * @us: microseconds of the sleep, at most those since the request before
 * @now: monotonic microseconds
 */
void poll_window_slept(struct poll_window *window, gint64 us, gint64 now);

/**
 * poll_window_bulk() - note a sleep after an answer whose latency does not matter
 * @window: initialised
 *
 * The short sleeps before it do not count: a program that copies a log would
 * open the window for the few small answers in between.
 */
void poll_window_bulk(struct poll_window *window);

/**
 * poll_window_is_steady() - check whether a client waits for one reply after the
 * other
 * @window: initialised
 *
 * Return: TRUE if many polls in a row were ended by a request.
 */
gboolean poll_window_is_steady(const struct poll_window *window);

/**
 * poll_window_hit() - note a poll that a request ended
 * @window: open
 */
void poll_window_hit(struct poll_window *window);

/**
 * poll_window_missed() - note a poll that no request ended
 * @window: open
 */
void poll_window_missed(struct poll_window *window);

/**
 * poll_window_preempted() - note that another process took the processor
 * @window: open
 * @now: monotonic microseconds
 */
void poll_window_preempted(struct poll_window *window, gint64 now);

#endif
