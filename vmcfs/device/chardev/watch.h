/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watch: a source of the default main context that waits for a descriptor, for
 * a point in time, or for both; and the delays of repeated attempts. It does
 * not read or write the descriptor.
 */
#ifndef VMCFS_WATCH_H
#define VMCFS_WATCH_H

#include <glib.h>

struct watch;

/**
 * watch_func() - callback of a watch
 * @data: argument of watch_new()
 * @condition: current conditions of the descriptor, 0 for none
 * @due: TRUE if the delay has expired; reported once
 *
 * May free the watch.
 */
typedef void watch_func(void *data, GIOCondition condition, gboolean due);

/**
 * watch_new() - begin to wait
 * @fd: descriptor, which must stay open as long as the watch lives; -1 for none
 * @condition: conditions to wait for; errors and hang-ups are always reported
 * @func: called from the main loop
 * @data: argument of @func
 * @watch: set on success; freed by watch_free()
 *
 * Return: 0; -EMFILE, -ENFILE, -ENOMEM, -ENOSPC: no resources for another
 * descriptor; -EPERM: the file cannot be polled.
 */
int watch_new(int fd, GIOCondition condition, watch_func *func, void *data,
	      struct watch **watch);

/**
 * watch_free() - stop waiting; @func is not called after this
 * @watch: NULL is allowed
 */
void watch_free(struct watch *watch);

/**
 * watch_set_condition() - replace the conditions to wait for
 * @watch: watch with a descriptor
 * @condition: conditions, see watch_new()
 */
void watch_set_condition(struct watch *watch, GIOCondition condition);

/**
 * watch_set_delay() - replace the delay
 * @watch: watch with or without a descriptor
 * @ms: milliseconds from now
 */
void watch_set_delay(struct watch *watch, guint ms);

/**
 * struct backoff - delays that double until a deadline
 * @delay_ms: delay before the next attempt
 * @deadline: monotonic time in microseconds after which attempts end
 */
struct backoff {
	guint delay_ms;
	gint64 deadline;
};

/**
 * backoff_init() - prepare the first attempt
 * @backoff: filled completely
 * @now: monotonic time in microseconds
 * @limit_ms: time limit of all attempts together
 */
void backoff_init(struct backoff *backoff, gint64 now, guint limit_ms);

/**
 * backoff_next() - get the delay after a failed attempt
 * @backoff: initialised
 *
 * Return: milliseconds: VMCFS_RETRY_MIN_MS first, then twice as many each time,
 * up to VMCFS_RETRY_MAX_MS.
 */
guint backoff_next(struct backoff *backoff);

/**
 * backoff_is_over() - check whether the deadline has passed
 * @backoff: initialised
 * @now: monotonic time in microseconds
 *
 * Return: TRUE if no further attempt is to be made.
 */
gboolean backoff_is_over(const struct backoff *backoff, gint64 now);

#endif
