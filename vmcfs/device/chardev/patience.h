/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying again what was not possible yet: after which delay, and until when. It
 * has no clock and no timer of its own. Times are in microseconds of the
 * monotonic clock.
 */
#ifndef VMCFS_PATIENCE_H
#define VMCFS_PATIENCE_H

#include <glib.h>

/**
 * struct patience - how long something has been tried
 * @delay_ms: before the next attempt
 * @deadline: after which there is no sense in one
 */
struct patience {
	guint delay_ms;
	gint64 deadline;
};

/**
 * patience_init() - it was not tried yet
 * @patience: filled completely
 * @now: the time
 * @limit_ms: how long it may take
 */
void patience_init(struct patience *patience, gint64 now, guint limit_ms);

/**
 * patience_next() - it was tried, in vain
 * @patience: initialised
 *
 * Return: how many milliseconds to wait before the next attempt: each time
 * twice as many, up to a bound.
 */
guint patience_next(struct patience *patience);

/**
 * patience_is_over() - has the time come to give up
 * @patience: initialised
 * @now: the time
 */
gboolean patience_is_over(const struct patience *patience, gint64 now);

#endif
