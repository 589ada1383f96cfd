/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log: the messages that one HMC index received, in segments of bounded size,
 * numbered from 0 across all sessions. It knows no file, request or device.
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
struct segment;

/**
 * struct log - messages of one HMC index
 * @memory: budget of the mount
 * @link: element of its list of logs
 * @history: bytes of a segment
 * @session: newest session, a reference
 * @current: segment named "message", never NULL
 * @previous: segment named "message.1", or NULL
 * @segments: segments that are not dropped, the oldest first
 * @kept: segments with messages, by the number after their last message
 * @total: number of messages ever added
 * @rotations: number of rotations
 * @overruns: number of times a channel reader missed messages
 * @rotated: called when a segment was rotated or dropped, or NULL
 * @rotated_data: argument of @rotated
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
	void (*rotated)(void *data);
	void *rotated_data;
};

/**
 * log_new() - create an empty log
 * @memory: budget; must outlive it
 * @history: bytes of a segment
 */
struct log *log_new(struct memory *memory, gsize history);

/**
 * log_free() - free a log
 * @log: without holders and cursors; NULL is allowed
 */
void log_free(struct log *log);

/**
 * log_begin() - begin a session: its messages go to a segment of their own
 * @log: no session is open
 * @serial: number above all earlier ones
 *
 * An empty segment without descriptors is reused.
 */
void log_begin(struct log *log, guint64 serial);

/**
 * log_end() - end the session, and seal its last segment
 * @log: any log
 */
void log_end(struct log *log);

/**
 * log_tail() - get the buffer for the next message
 * @log: log with an open session; a message has arrived
 * @room: maximum length of the message in bytes, above 0
 *
 * Rotates a full segment, and keeps the memory budget. If the kernel refuses
 * memory below the budget, segments are dropped as if the budget was used up.
 *
 * Return: @room bytes, or NULL if the kernel still refused them.
 */
guint8 *log_tail(struct log *log, guint32 room);

/**
 * log_make_room() - drop segments so that bytes fit the memory budget
 * @memory: budget of the mount
 * @bytes: number of bytes to add
 *
 * Drops segments of any log of the mount, in this order: the oldest without a
 * name, the oldest named "message.1", the largest named "message", which is
 * rotated before; first of those that no channel reader needs, then of all.
 */
void log_make_room(struct memory *memory, gsize bytes);

/**
 * log_commit() - add the message that was written at the tail
 * @log: log_tail() was the last call
 * @len: its length in bytes, above 0
 */
void log_commit(struct log *log, guint32 len);

/**
 * log_rotate() - give the name "message" to a new, empty segment
 * @log: any log
 *
 * The old one becomes "message.1"; an empty one only if there is none yet.
 */
void log_rotate(struct log *log);

/**
 * log_drop() - free the bytes of a segment, even if it is held
 * @log: its log
 * @segment: neither dropped nor current
 */
void log_drop(struct log *log, struct segment *segment);

/**
 * log_collect() - drop a segment that is not needed any more
 * @segment: not dropped
 *
 * It is kept if it has a name, if a log reader holds it, or if a channel reader
 * needs it; without a name it is ranked in the order of dropping.
 */
void log_collect(struct segment *segment);

/**
 * log_is_current() - does a segment have the name "message"?
 * @log: its log
 * @segment: any segment of it
 */
gboolean log_is_current(const struct log *log, const struct segment *segment);

/**
 * log_hold() - note a descriptor that refers to a segment
 * @segment: any segment
 * @reads: TRUE if it reads the segment, so that the bytes must stay
 */
void log_hold(struct segment *segment, gboolean reads);

/**
 * log_release() - note that such a descriptor is closed
 * @segment: held segment; may be freed
 * @reads: same value as in log_hold()
 */
void log_release(struct segment *segment, gboolean reads);

#endif
