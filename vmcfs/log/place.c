// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Place: message numbers outlive every segment, so a place needs no hold on one
 * to know what it missed.
 */
#include "place.h"

#include <errno.h>

#include "log.h"
#include "segment.h"
#include "session.h"

static struct segment *next_segment(const struct place *place)
{
	return log_session_find(place->session, place->log, place->number);
}

void place_init(struct place *place, struct log *log)
{
	*place = (struct place){
		.log = log,
		.session = log_session_ref(log->session),
		.number = log->total,
		.segment = log->current->id,
		.offset = segment_size(log->current),
		.lengths = log->current->lengths.used,
	};
	log_session_enter(place->session, NULL);
}

void place_clear(struct place *place)
{
	log_session_leave(place->session, place->log, next_segment(place),
			  log_collect);
	log_session_unref(place->session);
}

/* The reader is counted in its new segment before it leaves the old one. */
static void move(struct place *place, struct segment *from, guint64 number)
{
	struct segment *to;

	place->number = number;
	if (from && from->first <= number && number < from->end)
		return;
	to = next_segment(place);
	log_session_enter(place->session, to);
	log_session_leave(place->session, place->log, from, log_collect);
}

/* Offsets are kept within a segment; a jump always ends at its start. */
static void locate(struct place *place, const struct segment *segment)
{
	if (place->segment == segment->id)
		return;
	place->segment = segment->id;
	place->offset = 0;
	place->lengths = 0;
}

static gboolean is_kept(const struct segment *segment, guint64 number)
{
	return segment && segment->first <= number;
}

static gboolean has_missed(const struct place *place,
			   const struct segment *segment)
{
	return place->number < place->session->end &&
	       !is_kept(segment, place->number);
}

/* Go on at the start of a segment, or at the end of the session. */
static void resume(struct place *place, struct segment *from,
		   const struct segment *segment)
{
	place->part = 0;
	move(place, from, segment ? segment->first : place->session->end);
}

static int report_missed(struct place *place, struct segment *oldest)
{
	const struct segment *segment = oldest;

	if (oldest && place->progress == PLACE_BEHIND)
		segment = log_session_newest(place->session, place->log);
	place->progress = PLACE_NOTIFIED;
	place->log->overruns++;
	resume(place, oldest, segment);
	return -EPIPE;
}

int place_next(struct place *place, const guint8 **data, gsize *len)
{
	struct segment *segment = next_segment(place);
	gsize next;

	if (has_missed(place, segment)) {
		if (place->progress != PLACE_NOTIFIED)
			return report_missed(place, segment);
		resume(place, segment, segment);
	}
	if (!segment)
		return 0;
	locate(place, segment);
	*data = segment_data(segment) + place->offset + place->part;
	*len = segment_length(segment, place->lengths, &next) - place->part;
	return 1;
}

void place_advance(struct place *place, gsize len)
{
	struct segment *segment = next_segment(place);
	gsize next;

	if (place->progress == PLACE_NOTIFIED)
		place->progress = PLACE_BEHIND;
	place->part += len;
	if (place->part < segment_length(segment, place->lengths, &next))
		return;
	place->offset += place->part;
	place->lengths = next;
	place->part = 0;
	if (place->number + 1 == place->session->end)
		place->progress = PLACE_STEADY;
	move(place, segment, place->number + 1);
}

gboolean place_ended(const struct place *place)
{
	return !place->session->open && !place_ready(place);
}

gboolean place_ready(const struct place *place)
{
	const struct segment *segment = next_segment(place);

	return segment || (place->progress != PLACE_NOTIFIED &&
			   has_missed(place, segment));
}
