/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursor: the position of a channel reader in a message log: the number of its
 * next message and the bytes of it that were read. It does not wait.
 *
 * A cursor moves forward across segments, never into another session, and
 * detects messages that were dropped before it read them.
 */
#ifndef VMCFS_CURSOR_H
#define VMCFS_CURSOR_H

#include <glib.h>

struct log;
struct log_session;

/* Progress of a reader since it last missed messages. */
enum cursor_progress {
	CURSOR_STEADY,	 /* missed nothing, or has caught up since */
	CURSOR_NOTIFIED, /* got EPIPE and read nothing yet */
	CURSOR_BEHIND,	 /* read some messages, and has not caught up */
};

/**
 * struct cursor - position of a channel reader
 * @log: log to read
 * @session: reference to the session to read
 * @number: number of the next message
 * @part: bytes of that message that were read
 * @progress: enum cursor_progress
 * @segment: id of the segment for which the offsets are valid
 * @offset: offset of the next message in the bytes of @segment
 * @lengths: offset of the next message in the lengths of @segment
 */
struct cursor {
	struct log *log;
	struct log_session *session;
	guint64 number;
	gsize part;
	enum cursor_progress progress;
	guint64 segment;
	gsize offset;
	gsize lengths;
};

/**
 * cursor_init() - start at the present end of a log
 * @cursor: uninitialised
 * @log: log with an open session
 */
void cursor_init(struct cursor *cursor, struct log *log);

/**
 * cursor_clear() - remove a reader
 * @cursor: initialised
 *
 * Segments that only this reader needed can be dropped then.
 */
void cursor_clear(struct cursor *cursor);

/**
 * cursor_next() - get the rest of the next message
 * @cursor: initialised
 * @data: set to its address, valid until the log is changed
 * @len: set to its length in bytes
 *
 * Messages that were dropped before they were read are reported once by -EPIPE.
 * The next call returns the oldest message that is kept. If messages are
 * dropped again before the reader has caught up, it returns the first message
 * of the newest segment instead, which is dropped last.
 *
 * Return: 1 with @data and @len set; 0 if there is nothing to read; -EPIPE.
 */
int cursor_next(struct cursor *cursor, const guint8 **data, gsize *len);

/**
 * cursor_advance() - count bytes as read
 * @cursor: cursor_next() returned 1
 * @len: 1 to the length it set
 */
void cursor_advance(struct cursor *cursor, gsize len);

/**
 * cursor_ended() - check for the end of the session
 * @cursor: initialised
 *
 * Return: TRUE if the session has ended and is completely read.
 */
gboolean cursor_ended(const struct cursor *cursor);

/**
 * cursor_ready() - check for a message or a gap
 * @cursor: initialised
 *
 * Return: FALSE if cursor_next() would return 0.
 */
gboolean cursor_ready(const struct cursor *cursor);

#endif
