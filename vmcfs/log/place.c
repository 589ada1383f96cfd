// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walking a log by message numbers: these outlive every segment, so a place
 * needs no hold on one to know what it missed.
 */
#include "place.h"

#include <errno.h>

#include "log.h"
#include "segment.h"

void place_init(struct place *place, struct log *log)
{
	*place = (struct place){
		.log = log,
		.serial = log->serial,
		.number = log->total,
		.ino = log->current->ino,
		.offset = segment_size(log->current),
	};
	g_queue_push_tail(&log->places, place);
}

void place_clear(struct place *place)
{
	g_queue_remove(&place->log->places, place);
	log_collect(place->log);
}

/* The segment to read next, or NULL at the end of the session or of the log. */
static struct segment *next_segment(const struct place *place)
{
	struct segment *segment = log_find(place->log, place->number);

	return segment && segment->serial == place->serial ? segment : NULL;
}

/* Find the message's first byte; from the segment's start only after a jump. */
static void locate(struct place *place, const struct segment *segment)
{
	if (place->ino == segment->ino)
		return;
	place->ino = segment->ino;
	place->offset = 0;
	for (guint64 i = 0; i < place->number - segment->first; i++)
		place->offset += segment_length(segment, i);
}

int place_next(struct place *place, const guint8 **data, gsize *len)
{
	struct segment *segment = next_segment(place);

	if (place->lost) {
		place->number = segment ? segment->first : place->log->total;
		place->part = 0;
		place->lost = FALSE;
		place->log->overruns++;
		return -EPIPE;
	}
	if (!segment)
		return 0;
	locate(place, segment);
	*data = segment->bytes.base + place->offset + place->part;
	*len = segment_length(segment, place->number - segment->first) -
	       place->part;
	return 1;
}

void place_advance(struct place *place, gsize len)
{
	const struct segment *segment = next_segment(place);
	guint64 i = place->number - segment->first;

	place->part += len;
	if (place->part < segment_length(segment, i))
		return;
	place->offset += place->part;
	place->part = 0;
	place->number++;
	if (i + 1 == segment_count(segment) && !segment->growing)
		log_collect(place->log);
}

gboolean place_ended(const struct place *place)
{
	gboolean over =
		!place->log->open || place->log->serial != place->serial;

	return over && !place_ready(place);
}

gboolean place_ready(const struct place *place)
{
	return next_segment(place) || place->lost;
}
