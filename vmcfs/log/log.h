/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The message log of one HMC index: what the hypervisor sent, in segments of
 * bounded size. It numbers messages from 0 on, across all sessions; the newest
 * segment has the name "message", the one before it "message.1", older ones
 * live as long as a descriptor or a channel reader needs them. It knows
 * nothing of files, waiters or devices.
 */
#ifndef VMCFS_LOG_H
#define VMCFS_LOG_H

#include <glib.h>

struct memory;
struct place;
struct segment;

/**
 * struct log - the messages of one HMC index
 * @memory: the budget of the mount
 * @history: bytes of a segment
 * @current: the segment named "message", never NULL
 * @previous: the segment named "message.1", or NULL
 * @segments: all that have bytes, the oldest first
 * @places: of all channel readers
 * @serial: of the newest session, 0 before the first
 * @open: that session goes on
 * @total: messages ever added
 * @rotations: since the log was made
 * @overruns: times a channel reader lost its place
 * @rotated: called when a segment was rotated or dropped, or NULL
 * @rotated_data: handed to it
 */
struct log {
	struct memory *memory;
	gsize history;
	struct segment *current;
	struct segment *previous;
	GQueue segments;
	GQueue places;
	guint64 serial;
	gboolean open;
	guint64 total;
	guint64 rotations;
	guint64 overruns;
	void (*rotated)(void *data);
	void *rotated_data;
};

/**
 * log_new() - an empty log
 * @memory: the budget, must outlive it
 * @history: bytes of a segment
 *
 * Return: the log, or NULL without address space.
 */
struct log *log_new(struct memory *memory, gsize history);

/**
 * log_free() - end it
 * @log: without holders and places; NULL is allowed
 */
void log_free(struct log *log);

/**
 * log_begin() - a session begins: its messages go to a segment of their own
 * @log: no session is open
 * @serial: above all earlier ones
 *
 * An empty segment that nobody holds is used again.
 *
 * Return: 0 or -ENOMEM.
 */
int log_begin(struct log *log, guint64 serial);

/**
 * log_end() - the session is over: its last segment does not grow any more
 * @log: any
 */
void log_end(struct log *log);

/**
 * log_tail() - where the next message is to be written
 * @log: a session is open, and there is a message
 * @room: bytes it may have at most
 *
 * Rotates when it is time to, and keeps the memory budget.
 *
 * Return: @room bytes, or NULL without address space.
 */
guint8 *log_tail(struct log *log, guint32 room);

/**
 * log_make_room() - keep the memory budget though bytes are to be added
 * @memory: of the mount
 * @bytes: to be added
 *
 * Drops and rotates, in any log of the mount, what memory_choose() says.
 */
void log_make_room(struct memory *memory, gsize bytes);

/**
 * log_commit() - a message was written at the tail
 * @log: log_tail() was the last call
 * @len: its bytes, above 0
 */
void log_commit(struct log *log, guint32 len);

/**
 * log_rotate() - give the name "message" to a new, empty segment
 * @log: any
 *
 * The old one becomes "message.1"; an empty one only if there is none yet.
 *
 * Return: 0 or -ENOMEM (nothing changed).
 */
int log_rotate(struct log *log);

/**
 * log_drop() - give up a segment, whoever holds it
 * @log: its log
 * @segment: not the current one
 */
void log_drop(struct log *log, struct segment *segment);

/**
 * log_is_current() - has this segment the name "message"
 * @log: its log
 * @segment: any of it
 */
gboolean log_is_current(const struct log *log, const struct segment *segment);

/**
 * log_check_write() - may a segment be opened for writing
 * @segment: any
 *
 * A writer may have looked up a segment as "message" just before it was
 * rotated: that is as good as the new one. Only if somebody has looked it up by
 * its own name since then, it is not clear who is who: the writer is told to
 * look again, and who then still means this segment does so on purpose.
 *
 * Return: 0; -ESTALE: look up the name again; -EROFS: it is a record.
 */
int log_check_write(struct segment *segment);

/**
 * log_looked_up() - a rotated segment was looked up by its own name
 * @segment: any
 */
void log_looked_up(struct segment *segment);

/**
 * log_is_needed() - has a channel reader still to read something of it
 * @segment: any
 */
gboolean log_is_needed(const struct segment *segment);

/**
 * log_hold() - a descriptor knows this segment
 * @segment: any
 * @reads: it reads it, so that its bytes must stay
 */
void log_hold(struct segment *segment, gboolean reads);

/**
 * log_release() - such a descriptor is closed; the segment may go with it
 * @segment: was held
 * @reads: as it was held
 */
void log_release(struct segment *segment, gboolean reads);

/**
 * log_collect() - free what no name, descriptor or channel reader needs
 * @log: any
 */
void log_collect(struct log *log);

/**
 * log_find() - find the segment that holds a message
 * @log: the log
 * @number: message number
 *
 * If the message was dropped, the oldest kept segment with later messages is
 * returned. Empty segments are skipped.
 *
 * Return: a segment with at least one message, or NULL if there is none at or
 * after @number.
 */
struct segment *log_find(const struct log *log, guint64 number);

#endif
