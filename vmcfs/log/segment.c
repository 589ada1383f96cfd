// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Segment: stores messages in two regions, one for the bytes and one for the
 * lengths. It decides neither when a segment is full nor when it is dropped.
 *
 * A length is stored in groups of seven bits, least significant first, and the
 * top bit of a byte is set if another byte follows (LEB128).
 */
#include "segment.h"

#define GROUP_BITS 7
#define GROUP_MORE 0x80u

static guint length_size(guint32 len)
{
	guint size = 1;

	while (len >>= GROUP_BITS)
		size++;
	return size;
}

struct log_session *log_session_new(guint64 serial, guint64 end)
{
	struct log_session *session = g_rc_box_new0(struct log_session);

	session->serial = serial;
	session->end = end;
	return session;
}

struct log_session *log_session_ref(struct log_session *session)
{
	return g_rc_box_acquire(session);
}

void log_session_unref(struct log_session *session)
{
	g_rc_box_release(session);
}

struct segment *segment_new(struct log_session *session, guint64 first)
{
	struct segment *segment = g_new0(struct segment, 1);

	segment->session = log_session_ref(session);
	segment->link.data = segment;
	segment->bytes.lead = SEGMENT_LEAD;
	segment->first = first;
	segment->end = first;
	return segment;
}

void segment_seal(struct segment *segment)
{
	region_trim(&segment->bytes);
	region_trim(&segment->lengths);
	segment->state = SEGMENT_SEALED;
}

void segment_drop(struct segment *segment)
{
	region_clear(&segment->bytes);
	region_clear(&segment->lengths);
	segment->state = SEGMENT_DROPPED;
}

void segment_take(struct segment *segment, struct region *spare)
{
	region_take(&segment->bytes, spare);
}

gboolean segment_release(struct segment *segment)
{
	return region_release(&segment->bytes);
}

void segment_free(struct segment *segment)
{
	segment_drop(segment);
	log_session_unref(segment->session);
	g_free(segment);
}

int segment_reserve(struct segment *segment, guint32 len)
{
	int error = region_reserve(&segment->bytes, len);

	return error ? error :
		       region_reserve(&segment->lengths, length_size(len));
}

guint8 *segment_tail(const struct segment *segment)
{
	return region_tail(&segment->bytes);
}

void segment_commit(struct segment *segment, guint32 len)
{
	guint8 *length = region_tail(&segment->lengths);
	guint size = 0;

	for (guint32 rest = len; rest >= GROUP_MORE; rest >>= GROUP_BITS)
		length[size++] = (guint8)(rest | GROUP_MORE);
	length[size] = (guint8)(len >> (size * GROUP_BITS));
	region_commit(&segment->lengths, size + 1);
	region_commit(&segment->bytes, len);
	segment->end++;
}

gsize segment_size(const struct segment *segment)
{
	return segment->bytes.used;
}

guint64 segment_count(const struct segment *segment)
{
	return segment->end - segment->first;
}

const guint8 *segment_data(const struct segment *segment)
{
	return segment->bytes.base;
}

guint32 segment_length(const struct segment *segment, gsize at, gsize *next)
{
	const guint8 *length = segment->lengths.base + at;
	guint32 len = 0;
	guint i = 0;

	do
		len |= (length[i] & ~GROUP_MORE) << (i * GROUP_BITS);
	while (length[i++] & GROUP_MORE);
	*next = at + i;
	return len;
}

gsize segment_resident(const struct segment *segment)
{
	gsize pages = region_resident(&segment->bytes) +
		      region_resident(&segment->lengths);

	return pages ? pages + SEGMENT_OVERHEAD : 0;
}

gsize segment_growth(const struct segment *segment, guint32 len)
{
	return region_growth(&segment->bytes, len) +
	       region_growth(&segment->lengths, length_size(len)) +
	       (segment_resident(segment) ? 0 : SEGMENT_OVERHEAD);
}
