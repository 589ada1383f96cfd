// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cursor: reads messages by number. It holds no segment: message numbers
 * outlive segments, so a gap in them shows which messages were dropped.
 */
#include "cursor.h"

#include <errno.h>

#include "log.h"
#include "segment.h"
#include "readers.h"

/* Most readers follow the newest segment. */
static struct segment *next_segment(const struct cursor *cursor)
{
	struct segment *current = cursor->log->current;

	if (current->first <= cursor->number && cursor->number < current->end)
		return current->session == cursor->session ? current : NULL;
	return readers_find(cursor->session, cursor->log->kept, cursor->number);
}

void cursor_init(struct cursor *cursor, struct log *log)
{
	*cursor = (struct cursor){
		.log = log,
		.session = log_session_ref(log->session),
		.number = log->total,
		.segment = log->current->id,
		.offset = segment_size(log->current),
		.lengths = log->current->lengths.used,
	};
	readers_enter(cursor->session, NULL);
}

void cursor_clear(struct cursor *cursor)
{
	readers_leave(cursor->session, cursor->log->kept, next_segment(cursor),
		      log_collect);
	log_session_unref(cursor->session);
}

/* The reader is counted in its new segment before it leaves the old one. */
static void move(struct cursor *cursor, struct segment *from, guint64 number)
{
	struct segment *to;

	cursor->number = number;
	if (from && from->first <= number && number < from->end)
		return;
	to = next_segment(cursor);
	readers_enter(cursor->session, to);
	readers_leave(cursor->session, cursor->log->kept, from, log_collect);
}

/* Offsets are kept within a segment; a jump always ends at its start. */
static void locate(struct cursor *cursor, const struct segment *segment)
{
	if (cursor->segment == segment->id)
		return;
	cursor->segment = segment->id;
	cursor->offset = 0;
	cursor->lengths = 0;
}

static gboolean is_kept(const struct segment *segment, guint64 number)
{
	return segment && segment->first <= number;
}

static gboolean has_missed(const struct cursor *cursor,
			   const struct segment *segment)
{
	return cursor->number < cursor->session->end &&
	       !is_kept(segment, cursor->number);
}

/* Continues at the start of a segment, or at the end of the session. */
static void resume(struct cursor *cursor, struct segment *from,
		   const struct segment *segment)
{
	cursor->part = 0;
	move(cursor, from, segment ? segment->first : cursor->session->end);
}

static int report_missed(struct cursor *cursor, struct segment *oldest)
{
	const struct segment *segment = oldest;

	if (oldest && cursor->progress == CURSOR_BEHIND)
		segment = readers_newest(cursor->session, cursor->log->kept);
	cursor->progress = CURSOR_NOTIFIED;
	cursor->log->overruns++;
	resume(cursor, oldest, segment);
	return -EPIPE;
}

int cursor_next(struct cursor *cursor, const guint8 **data, gsize *len)
{
	struct segment *segment = next_segment(cursor);
	gsize next;

	if (has_missed(cursor, segment)) {
		if (cursor->progress != CURSOR_NOTIFIED)
			return report_missed(cursor, segment);
		resume(cursor, segment, segment);
	}
	if (!segment)
		return 0;
	locate(cursor, segment);
	*data = segment_data(segment) + cursor->offset + cursor->part;
	*len = segment_length(segment, cursor->lengths, &next) - cursor->part;
	return 1;
}

void cursor_advance(struct cursor *cursor, gsize len)
{
	struct segment *segment = next_segment(cursor);
	gsize next;

	if (cursor->progress == CURSOR_NOTIFIED)
		cursor->progress = CURSOR_BEHIND;
	cursor->part += len;
	if (cursor->part < segment_length(segment, cursor->lengths, &next))
		return;
	cursor->offset += cursor->part;
	cursor->lengths = next;
	cursor->part = 0;
	if (cursor->number + 1 == cursor->session->end)
		cursor->progress = CURSOR_STEADY;
	move(cursor, segment, cursor->number + 1);
}

gboolean cursor_ended(const struct cursor *cursor)
{
	return !cursor->session->open && !cursor_ready(cursor);
}

gboolean cursor_ready(const struct cursor *cursor)
{
	const struct segment *segment = next_segment(cursor);

	return segment || (cursor->progress != CURSOR_NOTIFIED &&
			   has_missed(cursor, segment));
}
