/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging limit: bounds the lines that users can cause. Of each kind of notice,
 * and of each HMC index, a number of lines passes in an interval; the others are
 * counted, and one line reports their number. It writes nothing, and reads no
 * clock.
 */
#ifndef VMCFS_LOGGING_LIMIT_H
#define VMCFS_LOGGING_LIMIT_H

#include "notice.h"

struct logging_limit;

/**
 * struct logging_excess - lines that did not pass
 * @notice: kind and HMC index of the lines
 * @lines: their number
 */
struct logging_excess {
	struct notice notice;
	guint64 lines;
};

/**
 * logging_limit_new() - make a limit without lines
 * @burst: number of lines that pass in an interval
 * @interval_us: length of the interval in microseconds
 *
 * Return: the limit, owned by the caller.
 */
struct logging_limit *logging_limit_new(guint burst, gint64 interval_us);

/**
 * logging_limit_free() - free a limit
 * @limit: NULL is allowed
 */
void logging_limit_free(struct logging_limit *limit);

/**
 * logging_limit_pass() - count a line
 * @limit: initialised
 * @notice: fields of the line
 * @now: monotonic microseconds
 *
 * Return: TRUE if the line is to be written; if not, a report follows.
 */
gboolean logging_limit_pass(struct logging_limit *limit,
			    const struct notice *notice, gint64 now);

/**
 * logging_limit_due() - get the time of the next report
 * @limit: initialised
 *
 * Return: monotonic microseconds, or G_MAXINT64 if every line has passed.
 */
gint64 logging_limit_due(const struct logging_limit *limit);

/**
 * logging_limit_report() - take a report that is due
 * @limit: initialised
 * @now: monotonic microseconds; G_MAXINT64 takes each report
 * @excess: filled on success
 *
 * Return: FALSE if none is due.
 */
gboolean logging_limit_report(struct logging_limit *limit, gint64 now,
			      struct logging_excess *excess);

#endif
