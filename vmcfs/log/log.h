/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log: the messages that one HMC index received, in segments of bounded size,
 * numbered from 0 across all sessions. It does not know files, requests or
 * devices.
 *
 * The newest segment has the name "message", the one before it "message.1";
 * older ones live as long as a descriptor or a channel reader needs them. The
 * time of an operation grows with the logarithm of the number of segments and
 * with the number of segments it frees, not with the number of readers.
 */
#ifndef VMCFS_LOG_H
#define VMCFS_LOG_H

#include <glib.h>

struct log_session;
struct memory;
struct region;
struct segment;

/**
 * struct log - messages of one HMC index
 * @memory: budget of the mount
 * @link: element of its list of logs
 * @history: bytes of a segment
 * @session: reference to the newest session
 * @current: segment named "message", never NULL
 * @previous: segment named "message.1", or NULL
 * @segments: segments that are not dropped, the oldest first
 * @kept: segments with messages, by the number after their last message
 * @total: number of messages ever added
 * @rotations: number of rotations
 * @overruns: number of times a channel reader missed messages
 * @spare: takes the memory of a segment that is dropped while a full one is
 *	rotated; NULL at any other time
 * @rotated: called after a segment was rotated or dropped, or NULL
 * @dropping: called before the bytes of a segment with messages are freed, or
 *	NULL; must not use the log
 * @listener: first argument of @rotated and @dropping
 */
struct log {
	struct memory *memory;
	GList link;
	gsize history;
	struct log_session *session;
	struct segment *current;
	struct segment *previous;
	GQueue segments;
	GTree *kept;
	guint64 total;
	guint64 rotations;
	guint64 overruns;
	struct region *spare;
	void (*rotated)(void *listener);
	void (*dropping)(void *listener, const struct segment *segment);
	void *listener;
};

/**
 * log_new() - create an empty log
 * @memory: budget; must outlive it
 * @history: bytes of a segment
 *
 * Return: the log, owned by the caller.
 */
struct log *log_new(struct memory *memory, gsize history);

/**
 * log_free() - free a log
 * @log: log without holders and cursors; NULL is allowed
 */
void log_free(struct log *log);

/**
 * log_begin() - begin a session
 * @log: log without an open session
 * @serial: number above all earlier ones
 *
 * The messages of a session are in segments of their own. An empty segment
 * without descriptors is reused.
 */
void log_begin(struct log *log, guint64 serial);

/**
 * log_end() - end the session, and seal its last segment
 * @log: log of an HMC index
 */
void log_end(struct log *log);

/**
 * log_tail() - get the buffer for the next message
 * @log: log with an open session; a message has arrived
 * @room: maximum length of the message in bytes, above 0
 *
 * Rotates a full segment, and keeps the memory budget. If the kernel refuses
 * memory within the budget, segments are dropped as if the budget were
 * exceeded.
 *
 * Return: @room bytes, or NULL if the kernel still refused them.
 */
guint8 *log_tail(struct log *log, guint32 room);

/**
 * log_give_way() - give memory of the logs back to the budget of the mount
 * @memory: budget of the mount
 *
 * Releases memory that a log took over and does not need yet, or drops one segment
 * of the logs of the mount, in this order: the oldest one without a name, the
 * oldest one named "message.1", the largest one named "message", which is
 * rotated, so that a later call can drop it. A segment that a channel reader needs is dropped only if
 * there are no others.
 *
 * Return: FALSE if there is none.
 */
gboolean log_give_way(struct memory *memory);

/**
 * log_commit() - add the message that was written at the tail
 * @log: log; log_tail() was the last call
 * @len: its length in bytes, above 0
 */
void log_commit(struct log *log, guint32 len);

/**
 * log_rotate() - give the name "message" to a new, empty segment
 * @log: log of an HMC index
 *
 * The old segment becomes "message.1"; if it is empty, only if there is no
 * "message.1".
 */
void log_rotate(struct log *log);

/**
 * log_drop() - free the bytes of a segment, even if it is held
 * @log: log of @segment
 * @segment: segment that is neither dropped nor current
 */
void log_drop(struct log *log, struct segment *segment);

/**
 * log_collect() - drop a segment that is no longer needed
 * @segment: segment that is not dropped
 *
 * A segment is kept if it has a name, if a log reader holds it, or if a channel
 * reader needs it. Without a name it is ranked in the order of dropping.
 */
void log_collect(struct segment *segment);

/**
 * log_is_current() - check whether a segment has the name "message"
 * @log: log of @segment
 * @segment: segment, dropped or not
 *
 * Return: TRUE if it has.
 */
gboolean log_is_current(const struct log *log, const struct segment *segment);

/**
 * log_hold() - count a descriptor that refers to a segment
 * @segment: segment, dropped or not
 * @reads: TRUE if it reads the segment, so that the bytes must stay
 */
void log_hold(struct segment *segment, gboolean reads);

/**
 * log_release() - subtract a descriptor that was closed
 * @segment: held segment; may be freed
 * @reads: same value as in log_hold()
 */
void log_release(struct segment *segment, gboolean reads);

#endif
