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
 * @open: TRUE if messages can still arrive
 * @end: number after its last message
 * @waiting: number of channel readers for which no message is kept
 * @oldest: oldest segment that has a cursor, or NULL; it and all later segments
 *	of the session are needed
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
 *
 * Return: the session, with one reference.
 */
struct log_session *log_session_new(guint64 serial, guint64 end);

/**
 * log_session_ref() - take a reference
 * @session: session of a log
 *
 * Return: @session.
 */
struct log_session *log_session_ref(struct log_session *session);

/**
 * log_session_unref() - release a reference; the last one frees the session
 * @session: session of a log
 */
void log_session_unref(struct log_session *session);

enum segment_state {
	SEGMENT_GROWING,
	SEGMENT_SEALED,	 /* accepts no more messages */
	SEGMENT_DROPPED, /* the bytes are freed; descriptors may hold it */
};

/* Order in which memory pressure drops segments without a name. */
enum segment_rank {
	SEGMENT_UNRANKED, /* has a name, or no message, or was dropped */
	SEGMENT_READ,	/* needed only by log readers, which then get ESTALE */
	SEGMENT_NEEDED, /* needed by a channel reader */
};

/**
 * struct segment - consecutive messages of one session
 * @log: log that it belongs to
 * @session: reference to its session
 * @link: element of the list of the log
 * @id: position in the order of creation among all logs of the mount; never
 *	reused
 * @ino: inode number
 * @bytes: messages, without separators
 * @lengths: length of each message, as one to five bytes
 * @charged: bytes that the memory budget counts for it
 * @first: number of its first message in the log
 * @end: number after its last message
 * @state: enum segment_state
 * @rank: enum segment_rank
 * @cursors: number of channel readers whose next kept message is in it
 * @names: number of names in the tree, 0 or 1
 * @readers: number of open descriptors that read it
 * @holders: number of open descriptors that refer to it, readers included
 * @born: time of creation in monotonic microseconds
 * @created: wall clock of the creation, for stat(2)
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
	gsize charged;
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
 * Bytes charged for a segment with messages besides its pages: the structure,
 * its entries in three indices, and the overhead of the allocator.
 */
#define SEGMENT_OVERHEAD 512

/*
 * Offset of the first byte in its page. cat(1) and others read into buffers that
 * begin with a page. On an AMD EPYC the kernel's copy between equal offsets of two
 * pages takes 1.2 to 1.4 times as long as between different ones.
 */
#define SEGMENT_LEAD 128

/**
 * segment_new() - create an empty, growing segment
 * @session: session; the segment takes a reference
 * @first: number of the first message that the segment will hold
 *
 * It maps no memory before its first message.
 *
 * Return: the segment, owned by the caller.
 */
struct segment *segment_new(struct log_session *session, guint64 first);

/**
 * segment_seal() - close the segment to new messages
 * @segment: segment that is not dropped
 *
 * Unused address space is unmapped.
 */
void segment_seal(struct segment *segment);

/**
 * segment_drop() - free the bytes; sizes and times stay
 * @segment: segment, dropped or not
 */
void segment_drop(struct segment *segment);

/**
 * segment_take() - take over memory for the bytes
 * @segment: segment without messages, which maps nothing
 * @spare: memory, or empty; empty afterwards
 */
void segment_take(struct segment *segment, struct region *spare);

/**
 * segment_release() - unmap pages that were taken over and are not needed yet
 * @segment: segment that is not dropped
 *
 * Return: TRUE if there were such pages.
 */
gboolean segment_release(struct segment *segment);

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
 * segment_tail() - get the room for the bytes of the next message
 * @segment: segment; segment_reserve() succeeded
 *
 * Return: the address of the first byte.
 */
guint8 *segment_tail(const struct segment *segment);

/**
 * segment_commit() - count a message at the tail as part of the segment
 * @segment: growing
 * @len: length of the message in bytes, above 0, at most the reserved room
 */
void segment_commit(struct segment *segment, guint32 len);

/**
 * segment_size() - get the length of all messages
 * @segment: segment, dropped or not
 *
 * Return: bytes.
 */
gsize segment_size(const struct segment *segment);

/**
 * segment_count() - get the number of messages
 * @segment: segment, dropped or not
 *
 * Return: the number of messages ever added.
 */
guint64 segment_count(const struct segment *segment);

/**
 * segment_data() - get the address of the first byte
 * @segment: segment with at least one message, not dropped
 *
 * Return: the address, valid until a message is added.
 */
const guint8 *segment_data(const struct segment *segment);

/**
 * segment_length() - get the length of one message
 * @segment: segment that is not dropped
 * @at: offset in @lengths, 0 for the first message, else the @next of the one
 *	before
 * @next: set to the offset for the message after this one
 *
 * Return: bytes of the message.
 */
guint32 segment_length(const struct segment *segment, gsize at, gsize *next);

/**
 * segment_resident() - compute the memory that a segment takes
 * @segment: segment, dropped or not
 *
 * Return: bytes; 0 before segment_reserve() and after segment_drop().
 */
gsize segment_resident(const struct segment *segment);

/**
 * segment_growth() - compute the memory that one more message would take
 * @segment: growing
 * @len: length of the message in bytes
 *
 * Return: the largest amount that segment_resident() can grow by if the message
 * has up to @len bytes.
 */
gsize segment_growth(const struct segment *segment, guint32 len);

#endif
