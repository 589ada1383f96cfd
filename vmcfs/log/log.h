/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message log of one HMC index: the messages of the hypervisor, in segments of
 * bounded size, numbered from 0 across all sessions. The newest segment has the
 * name "message", the one before it "message.1"; older ones live as long as a
 * descriptor or a channel reader needs them. Each operation takes a time that
 * grows with the logarithm of the number of segments and with the number of
 * segments it frees, not with the number of readers. It knows nothing of files,
 * requests or devices.
 */
#ifndef VMCFS_LOG_H
#define VMCFS_LOG_H

#include <glib.h>

struct log_session;
struct memory;
struct segment;

/**
 * struct log - the messages of one HMC index
 * @memory: the budget of the mount
 * @link: in the list of its logs
 * @history: bytes of a segment
 * @session: the newest session, a reference
 * @current: the segment named "message", never NULL
 * @previous: the segment named "message.1", or NULL
 * @segments: all that are not dropped, the oldest first
 * @kept: those with messages, by the number after their last message
 * @total: messages ever added
 * @rotations: since the log was created
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
 * @memory: the budget, must outlive it
 * @history: bytes of a segment
 */
struct log *log_new(struct memory *memory, gsize history);

/**
 * log_free() - free a log
 * @log: without holders and places; NULL is allowed
 */
void log_free(struct log *log);

/**
 * log_begin() - begin a session: its messages go to a segment of their own
 * @log: no session is open
 * @serial: above all earlier ones
 *
 * An empty segment that nobody holds is used again.
 */
void log_begin(struct log *log, guint64 serial);

/**
 * log_end() - end the session: its last segment does not grow any more
 * @log: any log
 */
void log_end(struct log *log);

/**
 * log_tail() - get the address where the next message is to be written
 * @log: a session is open, and there is a message
 * @room: bytes it may have at most, above 0
 *
 * Rotates when it is time to, and keeps the memory budget. Where the kernel
 * refuses memory below the budget, the log gives way as if the budget was used
 * up.
 *
 * Return: @room bytes, or NULL if the kernel refused them even so.
 */
guint8 *log_tail(struct log *log, guint32 room);

/**
 * log_make_room() - keep the memory budget though bytes are to be added
 * @memory: of the mount
 * @bytes: to be added
 *
 * Drops segments of any log of the mount, in this order: the oldest without a
 * name, the oldest named "message.1", the largest named "message", which is
 * rotated before; first of those that no channel reader needs, then of all.
 */
void log_make_room(struct memory *memory, gsize bytes);

/**
 * log_commit() - add the message that was written at the tail
 * @log: log_tail() was the last call
 * @len: its bytes, above 0
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
 * log_drop() - free the bytes of a segment, whether it is held or not
 * @log: its log
 * @segment: not dropped, not the current one
 */
void log_drop(struct log *log, struct segment *segment);

/**
 * log_collect() - drop a segment that nobody needs any more
 * @segment: not dropped
 *
 * It is kept if it has a name, or if a log reader holds it or a channel reader
 * needs it; without a name it takes its place in the order of dropping.
 */
void log_collect(struct segment *segment);

/**
 * log_is_current() - whether a segment has the name "message"
 * @log: its log
 * @segment: any segment of it
 */
gboolean log_is_current(const struct log *log, const struct segment *segment);

/**
 * log_hold() - note a descriptor that refers to a segment
 * @segment: any segment
 * @reads: it reads the segment, so that the bytes must stay
 */
void log_hold(struct segment *segment, gboolean reads);

/**
 * log_release() - note that such a descriptor is closed
 * @segment: was held; it may be freed by this
 * @reads: as it was held
 */
void log_release(struct segment *segment, gboolean reads);

#endif
