// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Segments over two growing regions. Nothing here decides; it only holds.
 */
#include "segment.h"

#include <string.h>

struct segment *segment_new(struct log *log, guint64 ino, guint64 serial,
			    guint64 first, gsize reserve)
{
	struct segment *segment = g_new0(struct segment, 1);

	if (region_init(&segment->bytes, reserve))
		goto no_bytes;
	if (region_init(&segment->lengths, reserve))
		goto no_lengths;
	segment->log = log;
	segment->ino = ino;
	segment->serial = serial;
	segment->first = first;
	segment->growing = TRUE;
	segment->born = g_get_monotonic_time();
	clock_gettime(CLOCK_REALTIME, &segment->created);
	segment->modified = segment->created;
	return segment;

no_lengths:
	region_clear(&segment->bytes);
no_bytes:
	g_free(segment);
	return NULL;
}

void segment_drop(struct segment *segment)
{
	region_clear(&segment->bytes);
	region_clear(&segment->lengths);
	segment->growing = FALSE;
	segment->dropped = TRUE;
}

void segment_free(struct segment *segment)
{
	if (!segment)
		return;
	segment_drop(segment);
	g_free(segment);
}

guint8 *segment_tail(const struct segment *segment)
{
	return region_tail(&segment->bytes);
}

void segment_commit(struct segment *segment, guint32 len)
{
	memcpy(region_tail(&segment->lengths), &len, sizeof(len));
	region_commit(&segment->lengths, sizeof(len));
	region_commit(&segment->bytes, len);
	clock_gettime(CLOCK_REALTIME, &segment->modified);
}

gboolean segment_fits(const struct segment *segment, guint32 len)
{
	return len <= region_room(&segment->bytes) &&
	       sizeof(len) <= region_room(&segment->lengths);
}

gsize segment_size(const struct segment *segment)
{
	return segment->bytes.used;
}

guint64 segment_count(const struct segment *segment)
{
	return segment->lengths.used / sizeof(guint32);
}

guint32 segment_length(const struct segment *segment, guint64 i)
{
	const guint32 *lengths =
		(const guint32 *)(gconstpointer)segment->lengths.base;

	return lengths[i];
}

gsize segment_resident(const struct segment *segment)
{
	return region_resident(&segment->bytes) +
	       region_resident(&segment->lengths);
}
