/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment of a message log: the bytes of consecutive messages of one
 * session, with the length of each beside them. One segment is one inode of
 * the tree. It does not know when it is full or how long it is kept: the log
 * and the memory budget say so.
 */
#ifndef VMCFS_SEGMENT_H
#define VMCFS_SEGMENT_H

#include <glib.h>
#include <time.h>

#include "region.h"

struct log;

/**
 * struct segment - consecutive messages of one session
 * @log: the log it belongs to
 * @ino: its inode number
 * @serial: of the session, 0 for the empty one before any session
 * @bytes: the messages, one behind the other
 * @lengths: guint32 for each message
 * @first: number of its first message in the log
 * @growing: more may be added
 * @dropped: its bytes are gone though somebody may still hold it
 * @names: how many names of the tree it has
 * @readers: how many open descriptors read it
 * @holders: how many open descriptors know it, readers included
 * @looked_up: by the name of a rotated segment
 * @denied: then somebody wanted to write to it, and was told to look again
 * @looked_up_again: by that name, after it was denied
 * @born: monotonic microseconds
 * @created: wall clock, for stat(2)
 * @modified: wall clock of its last message
 */
struct segment {
	struct log *log;
	guint64 ino;
	guint64 serial;
	struct region bytes;
	struct region lengths;
	guint64 first;
	gboolean growing;
	gboolean dropped;
	guint names;
	guint readers;
	guint holders;
	gboolean looked_up;
	gboolean denied;
	gboolean looked_up_again;
	gint64 born;
	struct timespec created;
	struct timespec modified;
};

/**
 * segment_new() - an empty segment
 * @log: it belongs to
 * @ino: never used before
 * @serial: of the session
 * @first: number of the first message it will hold
 * @reserve: bytes it can hold; as many bytes of lengths
 *
 * Return: the segment, or NULL without address space.
 */
struct segment *segment_new(struct log *log, guint64 ino, guint64 serial,
			    guint64 first, gsize reserve);

/**
 * segment_drop() - give its bytes back; sizes and times stay
 * @segment: any
 */
void segment_drop(struct segment *segment);

/**
 * segment_free() - end it
 * @segment: without names and holders; NULL is allowed
 */
void segment_free(struct segment *segment);

/**
 * segment_tail() - where the bytes of the next message go
 * @segment: growing, and segment_fits() the message
 */
guint8 *segment_tail(const struct segment *segment);

/**
 * segment_commit() - a message was written at the tail
 * @segment: growing
 * @len: its length in bytes, above 0
 */
void segment_commit(struct segment *segment, guint32 len);

/**
 * segment_fits() - is there address space for one more message
 * @segment: any
 * @len: of the message in bytes
 */
gboolean segment_fits(const struct segment *segment, guint32 len);

/**
 * segment_size() - bytes of all its messages, also after it was dropped
 * @segment: any
 */
gsize segment_size(const struct segment *segment);

/**
 * segment_count() - number of its messages, also after it was dropped
 * @segment: any
 */
guint64 segment_count(const struct segment *segment);

/**
 * segment_length() - length in bytes of one message
 * @segment: not dropped
 * @i: below segment_count()
 */
guint32 segment_length(const struct segment *segment, guint64 i);

/**
 * segment_resident() - memory it takes in bytes
 * @segment: any
 */
gsize segment_resident(const struct segment *segment);

#endif
