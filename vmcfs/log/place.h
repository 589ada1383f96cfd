/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a channel reader stands in a message log: the number of its next
 * message, and how much of it was read. It moves on across segments, never
 * into another session, and notices when what it had to read next is gone.
 */
#ifndef VMCFS_PLACE_H
#define VMCFS_PLACE_H

#include <glib.h>

struct log;

/**
 * struct place - a channel reader's position
 * @log: it reads
 * @serial: the session it belongs to
 * @number: of the next message
 * @part: bytes of that message that were read
 * @lost: it had to read something yet when that was dropped
 * @ino: of the segment in which @offset is valid
 * @offset: of the next message's first byte in that segment
 */
struct place {
	struct log *log;
	guint64 serial;
	guint64 number;
	gsize part;
	gboolean lost;
	guint64 ino;
	gsize offset;
};

/**
 * place_init() - stand at the present end
 * @place: uninitialised
 * @log: with an open session
 */
void place_init(struct place *place, struct log *log);

/**
 * place_clear() - stand nowhere; the log may free what only this one needed
 * @place: initialised
 */
void place_clear(struct place *place);

/**
 * place_next() - what is to be read next
 * @place: initialised
 * @data: set to the rest of the next message, valid until the log is changed
 * @len: set to its bytes
 *
 * Return: 1 with @data and @len set; 0 if there is nothing (yet); -EPIPE, once,
 * if messages were dropped unread: the place is now at the oldest one kept.
 */
int place_next(struct place *place, const guint8 **data, gsize *len);

/**
 * place_advance() - bytes were read
 * @place: place_next() returned 1
 * @len: at most what it told
 */
void place_advance(struct place *place, gsize len);

/**
 * place_ended() - nothing will come any more
 * @place: initialised
 *
 * Return: TRUE when its session is over and all of it was read.
 */
gboolean place_ended(const struct place *place);

/**
 * place_ready() - would place_next() return anything but 0
 * @place: initialised
 */
gboolean place_ready(const struct place *place);

#endif
