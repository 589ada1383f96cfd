/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Place: the position of a channel reader in a message log, that is the number
 * of its next message and how much of it was read. It moves forward across
 * segments, never into another session, and detects messages that were dropped
 * before it read them. It does not wait.
 */
#ifndef VMCFS_PLACE_H
#define VMCFS_PLACE_H

#include <glib.h>

struct log;
struct log_session;

/* What a reader did since it last missed messages. */
enum place_progress {
	PLACE_STEADY,	/* read all there was, or never missed any */
	PLACE_NOTIFIED, /* got EPIPE and read nothing yet */
	PLACE_BEHIND,	/* read some messages, not all there were */
};

/**
 * struct place - position of a channel reader
 * @log: the log it reads
 * @session: the session it belongs to, a reference
 * @number: of the next message
 * @part: bytes of that message that were read
 * @progress: enum place_progress
 * @segment: id of the segment for which the offsets are valid
 * @offset: of the next message in its bytes
 * @lengths: of the next message in its lengths
 */
struct place {
	struct log *log;
	struct log_session *session;
	guint64 number;
	gsize part;
	enum place_progress progress;
	guint64 segment;
	gsize offset;
	gsize lengths;
};

/**
 * place_init() - start at the present end of a log
 * @place: uninitialised
 * @log: with an open session
 */
void place_init(struct place *place, struct log *log);

/**
 * place_clear() - end it; the log can free what only this reader needed
 * @place: initialised
 */
void place_clear(struct place *place);

/**
 * place_next() - get the rest of the next message
 * @place: initialised
 * @data: set to its address, valid until the log is changed
 * @len: set to its length in bytes
 *
 * When messages were dropped before they were read, it returns -EPIPE, once for
 * all that is missing until a message is read again. Then it goes on at the
 * oldest message kept; if that happens again before the reader has read all
 * there is, at the first message of the newest segment, which is dropped last.
 *
 * Return: 1 with @data and @len set; 0 if there is nothing to read; -EPIPE.
 */
int place_next(struct place *place, const guint8 **data, gsize *len);

/**
 * place_advance() - count bytes as read
 * @place: place_next() returned 1
 * @len: 1 to the length it set
 */
void place_advance(struct place *place, gsize len);

/**
 * place_ended() - whether its session is over and all of it was read
 * @place: initialised
 */
gboolean place_ended(const struct place *place);

/**
 * place_ready() - whether place_next() would return anything but 0
 * @place: initialised
 */
gboolean place_ready(const struct place *place);

#endif
