// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Segments in, segments out. A segment is alive (has bytes, is in the log's
 * and the budget's list) until it is dropped; its structure, with its
 * size and times, stays as long as a descriptor holds it.
 */
#include "log.h"

#include <errno.h>
#include <unistd.h>

#include "../defaults.h"
#include "memory.h"
#include "place.h"
#include "segment.h"

static gsize segment_reserve(const struct log *log)
{
	return log->history * VMCFS_SEGMENT_GROWTH + 64 * KIB;
}

static struct segment *add_segment(struct log *log)
{
	struct segment *segment =
		segment_new(log, memory_new_ino(log->memory), log->serial,
			    log->total, segment_reserve(log));

	if (!segment)
		return NULL;
	g_queue_push_tail(&log->segments, segment);
	memory_add(log->memory, segment);
	return segment;
}

struct log *log_new(struct memory *memory, gsize history)
{
	struct log *log = g_new0(struct log, 1);

	log->memory = memory;
	log->history = history;
	g_queue_init(&log->segments);
	g_queue_init(&log->places);
	log->current = add_segment(log);
	if (!log->current) {
		g_free(log);
		return NULL;
	}
	log->current->names = 1;
	return log;
}

void log_free(struct log *log)
{
	struct segment *segment;

	if (!log)
		return;
	while ((segment = g_queue_pop_head(&log->segments))) {
		memory_remove(log->memory, segment);
		memory_forget(log->memory, segment);
		segment_free(segment);
	}
	g_free(log);
}

gboolean log_is_current(const struct log *log, const struct segment *segment)
{
	return log->current == segment;
}

static void tell_rotated(struct log *log)
{
	if (log->rotated)
		log->rotated(log->rotated_data);
}

static void free_unheld(struct segment *segment)
{
	if (segment->holders)
		return;
	memory_forget(segment->log->memory, segment);
	segment_free(segment);
}

static gboolean needs(const struct place *place, const struct segment *segment)
{
	return place->serial == segment->serial &&
	       place->number < segment->first + segment_count(segment);
}

void log_drop(struct log *log, struct segment *segment)
{
	for (GList *link = log->places.head; link; link = link->next) {
		struct place *place = link->data;

		place->lost |= needs(place, segment);
	}
	if (log->previous == segment)
		log->previous = NULL;
	segment->names = 0;
	g_queue_remove(&log->segments, segment);
	memory_remove(log->memory, segment);
	segment_drop(segment);
	free_unheld(segment);
	tell_rotated(log);
}

gboolean log_is_needed(const struct segment *segment)
{
	for (GList *link = segment->log->places.head; link; link = link->next) {
		if (needs(link->data, segment))
			return TRUE;
	}
	return FALSE;
}

void log_collect(struct log *log)
{
	GList *link = log->segments.head;

	while (link) {
		struct segment *segment = link->data;

		link = link->next;
		if (!segment->names && !segment->readers &&
		    !log_is_needed(segment))
			log_drop(log, segment);
	}
}

static void give_up_name(struct segment *segment)
{
	if (segment)
		segment->names = 0;
}

/*
 * A new segment gets the name "message", the old one "message.1", unless that
 * would take it from one with messages and give it to one without.
 */
static int replace_current(struct log *log)
{
	struct segment *old = log->current;
	gboolean keep_previous = log->previous && !segment_count(old);
	struct segment *segment = add_segment(log);

	if (!segment)
		return -ENOMEM;
	segment->names = 1;
	segment->growing = log->open || !log->serial;
	old->growing = FALSE;
	give_up_name(keep_previous ? old : log->previous);
	if (!keep_previous)
		log->previous = old;
	log->current = segment;
	log->rotations++;
	log_collect(log);
	tell_rotated(log);
	return 0;
}

int log_rotate(struct log *log)
{
	return replace_current(log);
}

/* Nobody has seen anything in this segment, or could take it for another. */
static gboolean is_unused(const struct log *log)
{
	return !log->serial ||
	       (!segment_count(log->current) && !log->current->holders);
}

int log_begin(struct log *log, guint64 serial)
{
	guint64 before = log->serial;
	gboolean reuse = is_unused(log);
	int error = 0;

	log->serial = serial;
	log->open = TRUE;
	if (!reuse)
		error = replace_current(log);
	if (error) {
		log->serial = before;
		log->open = FALSE;
		return error;
	}
	log->current->serial = serial;
	log->current->growing = TRUE;
	return 0;
}

void log_end(struct log *log)
{
	log->open = FALSE;
	log->current->growing = FALSE;
}

/* Has the current segment reached its size, and its age where that counts? */
static gboolean is_full(const struct log *log)
{
	const struct segment *segment = log->current;
	gsize size = segment_size(segment) + segment->lengths.used;
	gint64 age = g_get_monotonic_time() - segment->born;

	if (size < log->history)
		return FALSE;
	return age >= VMCFS_SEGMENT_AGE_S * G_USEC_PER_SEC ||
	       size >= log->history * VMCFS_SEGMENT_GROWTH;
}

/* Whatever is chosen to go is one less to choose from: this comes to an end. */
void log_make_room(struct memory *memory, gsize bytes)
{
	while (memory_lacks(memory, bytes)) {
		struct memory_victim victim = memory_choose(memory);

		if (!victim.segment)
			return;
		if (!victim.rotate)
			log_drop(victim.segment->log, victim.segment);
		else if (log_rotate(victim.segment->log))
			return;
	}
}

guint8 *log_tail(struct log *log, guint32 room)
{
	gsize page_slack = 2 * (gsize)sysconf(_SC_PAGESIZE);

	log_make_room(log->memory, room + page_slack);
	if ((is_full(log) || !segment_fits(log->current, room)) &&
	    log_rotate(log))
		return NULL;
	return segment_tail(log->current);
}

void log_commit(struct log *log, guint32 len)
{
	gsize before = segment_resident(log->current);

	segment_commit(log->current, len);
	log->total++;
	memory_grew(log->memory, segment_resident(log->current) - before);
}

int log_check_write(struct segment *segment)
{
	if (log_is_current(segment->log, segment) || !segment->looked_up)
		return 0;
	if (segment->looked_up_again)
		return -EROFS;
	segment->denied = TRUE;
	return -ESTALE;
}

void log_looked_up(struct segment *segment)
{
	segment->looked_up = TRUE;
	segment->looked_up_again = segment->denied;
}

void log_hold(struct segment *segment, gboolean reads)
{
	segment->holders++;
	segment->readers += reads ? 1 : 0;
}

void log_release(struct segment *segment, gboolean reads)
{
	segment->holders--;
	segment->readers -= reads ? 1 : 0;
	if (segment->dropped)
		free_unheld(segment);
	else
		log_collect(segment->log);
}

struct segment *log_find(const struct log *log, guint64 number)
{
	struct segment *found = NULL;

	for (GList *link = log->segments.tail; link; link = link->prev) {
		struct segment *segment = link->data;

		/* An empty segment holds no message, whatever its number. */
		if (!segment_count(segment))
			continue;
		if (number >= segment->first + segment_count(segment))
			break;
		found = segment;
	}
	return found;
}
