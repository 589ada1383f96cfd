/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segment: the bytes of consecutive messages of one session, and the length of
 * each. It decides neither when it is full nor how long it is kept: the log and
 * the memory budget do. A segment is one inode of the tree.
 */
#ifndef VMCFS_SEGMENT_H
#define VMCFS_SEGMENT_H

#include <glib.h>
#include <time.h>

#include "region.h"

struct log;
struct segment;

/**
 * struct log_session - one session of a log
 * @serial: number of the session, 0 before the first one
 * @open: messages can still arrive
 * @end: number after its last message
 * @waiting: channel readers for which no message is kept
 * @oldest: oldest segment that has a cursor, or NULL: this and
 *	all later segments of the session are needed
 *
 * The log, segments and channel readers share it by references.
 */
struct log_session {
	guint64 serial;
	gboolean open;
	guint64 end;
	guint waiting;
	struct segment *oldest;
};

/**
 * log_session_new() - begin a session
 * @serial: number of the session
 * @end: number of its first message
 */
struct log_session *log_session_new(guint64 serial, guint64 end);

/**
 * log_session_ref() - take a reference
 * @session: any session
 */
struct log_session *log_session_ref(struct log_session *session);

/**
 * log_session_unref() - release a reference; the last one frees the session
 * @session: any session
 */
void log_session_unref(struct log_session *session);

enum segment_state {
	SEGMENT_GROWING,
	SEGMENT_SEALED,	 /* no message is added */
	SEGMENT_DROPPED, /* the bytes are freed; descriptors may hold it */
};

/* Order in which memory pressure drops segments without a name. */
enum segment_rank {
	SEGMENT_UNRANKED, /* has a name, or no message, or was dropped */
	SEGMENT_READ,	  /* by log readers only, which can see ESTALE */
	SEGMENT_NEEDED,	  /* by a channel reader */
};

/**
 * struct segment - consecutive messages of one session
 * @log: the log it belongs to
 * @session: its session, a reference
 * @link: in the list of the log
 * @id: position in the order of creation, in all logs of the mount; never
 * reused
 * @ino: inode number
 * @bytes: the messages, without anything between them
 * @lengths: a number of one to five bytes for each message
 * @first: number of its first message in the log
 * @end: number after its last message
 * @state: enum segment_state
 * @rank: enum segment_rank
 * @cursors: channel readers whose next kept message is in it
 * @names: names in the tree, 0 or 1
 * @readers: open descriptors that read it
 * @holders: open descriptors that refer to it, readers included
 * @born: monotonic microseconds
 * @created: wall clock, for stat(2)
 * @modified: wall clock of its last message
 */
struct segment {
	struct log *log;
	struct log_session *session;
	GList link;
	guint64 id;
	guint64 ino;
	struct region bytes;
	struct region lengths;
	guint64 first;
	guint64 end;
	enum segment_state state;
	enum segment_rank rank;
	guint cursors;
	guint names;
	guint readers;
	guint holders;
	gint64 born;
	struct timespec created;
	struct timespec modified;
};

/*
 * Memory charged for a segment with messages, without its pages: the structure,
 * its entries in three indices, and the overhead of the allocator.
 */
#define SEGMENT_OVERHEAD 512

/**
 * segment_new() - create an empty, growing segment
 * @session: gets a reference
 * @first: number of the first message it will hold
 *
 * It maps no memory before its first message.
 */
struct segment *segment_new(struct log_session *session, guint64 first);

/**
 * segment_seal() - close the segment to new messages
 * @segment: not dropped
 *
 * Address space that is not in use is unmapped.
 */
void segment_seal(struct segment *segment);

/**
 * segment_drop() - free the bytes; sizes and times stay
 * @segment: any segment
 */
void segment_drop(struct segment *segment);

/**
 * segment_free() - free a segment
 * @segment: without names and holders
 */
void segment_free(struct segment *segment);

/**
 * segment_reserve() - make room for one more message
 * @segment: growing
 * @len: length of the message in bytes, above 0
 *
 * Pointers to messages of the segment are invalid afterwards.
 *
 * Return: 0, or -ENOMEM if the kernel refused the memory.
 */
int segment_reserve(struct segment *segment, guint32 len);

/**
 * segment_tail() - room for the bytes of the next message
 * @segment: segment_reserve() succeeded
 */
guint8 *segment_tail(const struct segment *segment);

/**
 * segment_commit() - count a message at the tail as part of the segment
 * @segment: growing
 * @len: length of the message in bytes, above 0, at most the reserved room
 */
void segment_commit(struct segment *segment, guint32 len);

/**
 * segment_size() - bytes of all messages, also after segment_drop()
 * @segment: any segment
 */
gsize segment_size(const struct segment *segment);

/**
 * segment_count() - number of messages, also after segment_drop()
 * @segment: any segment
 */
guint64 segment_count(const struct segment *segment);

/**
 * segment_data() - address of the first byte
 * @segment: not dropped, with at least one message
 */
const guint8 *segment_data(const struct segment *segment);

/**
 * segment_length() - length of one message
 * @segment: not dropped
 * @at: offset in @lengths: 0 for the first message, else as @next was set
 * @next: set to the offset for the message after this one
 *
 * Return: bytes of the message.
 */
guint32 segment_length(const struct segment *segment, gsize at, gsize *next);

/**
 * segment_resident() - memory that a segment takes
 * @segment: any segment
 *
 * Return: bytes; 0 without a message and after segment_drop().
 */
gsize segment_resident(const struct segment *segment);

/**
 * segment_growth() - memory that one more message would take
 * @segment: growing
 * @len: length of the message in bytes
 *
 * Return: the largest amount that segment_resident() can grow by if the message
 * has up to @len bytes.
 */
gsize segment_growth(const struct segment *segment, guint32 len);

#endif
