/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging queue: passes lines from the serving thread to the logger thread. It
 * holds a fixed number of lines, counts those that did not fit or exceed a
 * limit, and writes nothing.
 */
#ifndef VMCFS_LOGGING_QUEUE_H
#define VMCFS_LOGGING_QUEUE_H

#include <glib.h>

#include "defaults.h"
#include "notice.h"

struct logging_limit;
struct logging_queue;

/**
 * struct logging_line - a line of the log
 * @level: level bit of GLib
 * @dropped: number of lines that were dropped immediately before this one
 * @has_notice: TRUE if the line is a notice
 * @notice: its fields
 * @text: printable text, NUL terminated; empty if only @dropped is reported
 */
struct logging_line {
	GLogLevelFlags level;
	guint64 dropped;
	gboolean has_notice;
	struct notice notice;
	char text[VMCFS_LOG_LINE_MAX];
};

/**
 * logging_queue_new() - make an empty queue
 * @limit: limit of the notices; owned by the queue
 *
 * Return: the queue, owned by the caller.
 */
struct logging_queue *logging_queue_new(struct logging_limit *limit);

/**
 * logging_queue_free() - free a queue
 * @queue: queue that no thread uses; NULL is allowed
 */
void logging_queue_free(struct logging_queue *queue);

/**
 * logging_queue_push() - append a line, or count it as dropped
 * @queue: queue of VMCFS_LOG_LINES lines
 * @level: level bit of GLib
 * @notice: fields of the line, copied, or NULL; a notice above the limit is
 *	counted instead
 * @text: NUL terminated, copied; control characters are replaced by spaces, and
 *	a line above VMCFS_LOG_LINE_MAX bytes is truncated
 *
 * Locking: takes the queue's lock, which is never held across I/O.
 */
void logging_queue_push(struct logging_queue *queue, GLogLevelFlags level,
			const struct notice *notice, const char *text);

/**
 * logging_queue_take() - wait for a line or a report, and remove the oldest one
 * @queue: queue with one consumer
 * @line: filled on success
 *
 * This call marks the line that was taken before as written. The number of
 * notices above the limit is returned as a line at the end of the interval, or
 * when the queue is closed.
 *
 * Locking: takes the queue's lock.
 *
 * Return: FALSE once the queue is closed and empty.
 */
gboolean logging_queue_take(struct logging_queue *queue,
			    struct logging_line *line);

/**
 * logging_queue_close() - make logging_queue_take() return FALSE at the end
 * @queue: queue; lines pushed from now on are dropped
 *
 * Locking: takes the queue's lock.
 */
void logging_queue_close(struct logging_queue *queue);

/**
 * logging_queue_flush() - wait until every line is written
 * @queue: queue with a consumer; if it is closed, reports are lines too
 * @ms: longest wait in milliseconds
 *
 * Locking: takes the queue's lock.
 *
 * Return: FALSE if the time expired first.
 */
gboolean logging_queue_flush(struct logging_queue *queue, guint ms);

#endif
