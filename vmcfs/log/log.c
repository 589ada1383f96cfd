// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log: creates, names, rotates and drops segments. It does not read them.
 *
 * Until it is dropped, a segment has bytes and is in the lists of the log and
 * of the budget; its structure, with its size and times, stays as long as a
 * descriptor holds it.
 */
#include "log.h"

#include <errno.h>

#include "../clock.h"
#include "../defaults.h"
#include "memory.h"
#include "segment.h"
#include "readers.h"

static struct segment *add_segment(struct log *log)
{
	struct segment *segment = segment_new(log->session, log->total);

	segment->log = log;
	segment->born = clock_monotonic(log->memory->clock);
	segment->created = clock_real(log->memory->clock);
	segment->modified = segment->created;
	memory_add(log->memory, segment);
	g_queue_push_tail_link(&log->segments, &segment->link);
	segment->names = 1;
	return segment;
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
	const guint64 *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

struct log *log_new(struct memory *memory, gsize history)
{
	struct log *log = g_new0(struct log, 1);

	log->memory = memory;
	log->link.data = log;
	log->history = history;
	log->session = log_session_new(0, 0);
	log->kept = g_tree_new(compare_numbers);
	g_queue_init(&log->segments);
	log->current = add_segment(log);
	g_queue_push_tail_link(&memory->logs, &log->link);
	return log;
}

static void free_unheld(struct segment *segment)
{
	if (segment->holders)
		return;
	memory_forget(segment->log->memory, segment);
	segment_free(segment);
}

static void notify_dropping(struct log *log, const struct segment *segment)
{
	if (log->dropping)
		log->dropping(log->listener, segment);
}

/* Removes a segment from every list; reads of its descriptors return ESTALE. */
static void remove_segment(struct log *log, struct segment *segment)
{
	if (log->previous == segment)
		log->previous = NULL;
	segment->names = 0;
	g_queue_unlink(&log->segments, &segment->link);
	memory_remove(log->memory, segment);
	if (segment_count(segment)) {
		g_tree_remove(log->kept, &segment->end);
		readers_dropped(log->kept, segment);
		notify_dropping(log, segment);
	}
	if (log->spare && !log->spare->base)
		region_take(log->spare, &segment->bytes);
	segment_drop(segment);
	free_unheld(segment);
}

void log_free(struct log *log)
{
	if (!log)
		return;
	while (log->segments.head)
		remove_segment(log, log->segments.head->data);
	g_queue_unlink(&log->memory->logs, &log->link);
	g_tree_unref(log->kept);
	log_session_unref(log->session);
	g_free(log);
}

gboolean log_is_current(const struct log *log, const struct segment *segment)
{
	return log->current == segment;
}

static void notify_rotated(struct log *log)
{
	if (log->rotated)
		log->rotated(log->listener);
}

void log_drop(struct log *log, struct segment *segment)
{
	remove_segment(log, segment);
	notify_rotated(log);
}

void log_collect(struct segment *segment)
{
	gboolean needed = readers_need(segment);

	if (segment->names)
		return;
	if (!segment->readers && !needed)
		log_drop(segment->log, segment);
	else if (segment_count(segment))
		memory_rank(segment->log->memory, segment,
			    needed ? SEGMENT_NEEDED : SEGMENT_READ);
}

static void give_up_name(struct segment *segment)
{
	segment->names = 0;
	log_collect(segment);
}

static void seal(struct segment *segment)
{
	segment_seal(segment);
	memory_charge(segment->log->memory, segment);
}

/*
 * An empty segment does not take the name "message.1" from one that has
 * messages.
 */
void log_rotate(struct log *log)
{
	struct segment *old = log->current, *nameless = log->previous;

	log->current = add_segment(log);
	if (!log->session->open && log->session->serial)
		log->current->state = SEGMENT_SEALED;
	seal(old);
	log->rotations++;
	if (nameless && !segment_count(old))
		nameless = old;
	else
		log->previous = old;
	if (nameless)
		give_up_name(nameless);
	notify_rotated(log);
}

/* No descriptor refers to this segment, so it may change its session. */
static gboolean is_unused(const struct log *log)
{
	return !log->session->serial ||
	       (!segment_count(log->current) && !log->current->holders);
}

static void set_session(struct log_session **slot, struct log_session *session)
{
	log_session_unref(*slot);
	*slot = log_session_ref(session);
}

void log_begin(struct log *log, guint64 serial)
{
	gboolean reuse = is_unused(log);
	struct log_session *session = log_session_new(serial, log->total);

	session->open = TRUE;
	set_session(&log->session, session);
	log_session_unref(session);
	if (!reuse) {
		log_rotate(log);
		return;
	}
	set_session(&log->current->session, session);
	log->current->state = SEGMENT_GROWING;
}

void log_end(struct log *log)
{
	log->session->open = FALSE;
	seal(log->current);
}

/* Dropping an empty segment would free no memory. */
static gboolean is_choice(const struct segment *segment, gboolean needed)
{
	return segment && segment_count(segment) &&
	       (needed || !readers_need(segment));
}

static struct segment *oldest_nameless(const struct memory *memory,
				       gboolean needed)
{
	GTreeNode *first = g_tree_node_first(memory->nameless);
	struct segment *segment = first ? g_tree_node_value(first) : NULL;

	return is_choice(segment, needed) ? segment : NULL;
}

static struct segment *oldest_previous(const struct memory *memory,
				       gboolean needed)
{
	struct segment *oldest = NULL;

	for (GList *link = memory->logs.head; link; link = link->next) {
		struct segment *previous = ((struct log *)link->data)->previous;

		if (is_choice(previous, needed) &&
		    (!oldest || previous->id < oldest->id))
			oldest = previous;
	}
	return oldest;
}

static struct segment *largest_current(const struct memory *memory,
				       gboolean needed)
{
	struct segment *largest = NULL;

	for (GList *link = memory->logs.head; link; link = link->next) {
		struct segment *current = ((struct log *)link->data)->current;

		if (is_choice(current, needed) &&
		    (!largest ||
		     segment_resident(current) > segment_resident(largest)))
			largest = current;
	}
	return largest;
}

static struct segment *choose(const struct memory *memory, gboolean needed)
{
	struct segment *segment = oldest_nameless(memory, needed);

	if (!segment)
		segment = oldest_previous(memory, needed);
	return segment ? segment : largest_current(memory, needed);
}

/* Return: FALSE if no log has memory that it took over and does not need yet. */
static gboolean release_spare(struct memory *memory)
{
	for (GList *link = memory->logs.head; link; link = link->next) {
		struct segment *current = ((struct log *)link->data)->current;

		if (segment_release(current)) {
			memory_charge(memory, current);
			return TRUE;
		}
	}
	return FALSE;
}

gboolean log_give_way(struct memory *memory)
{
	struct segment *segment;

	if (release_spare(memory))
		return TRUE;
	segment = choose(memory, FALSE);
	if (!segment)
		segment = choose(memory, TRUE);
	if (!segment)
		return FALSE;
	if (log_is_current(segment->log, segment)) {
		memory->rotations_forced++;
		log_rotate(segment->log);
	} else {
		memory->dropped++;
		log_drop(segment->log, segment);
	}
	return TRUE;
}

/*
 * A segment is full at history= bytes; one younger than VMCFS_SEGMENT_AGE_S may
 * grow to VMCFS_SEGMENT_GROWTH times as many, so that bursts do not rotate the
 * log too often.
 */
static gboolean is_full(const struct log *log)
{
	const struct segment *segment = log->current;
	gsize size = segment->bytes.used + segment->lengths.used;
	gint64 age;

	if (size < log->history)
		return FALSE;
	if (size >= log->history * VMCFS_SEGMENT_GROWTH)
		return TRUE;
	age = clock_monotonic(log->memory->clock) - segment->born;
	return age >= VMCFS_SEGMENT_AGE_S * G_USEC_PER_SEC;
}

/*
 * A full segment is likely to be followed by another. New pages take longer to
 * make than the messages to copy, so the next segment takes over those of the
 * dropped one.
 */
static void rotate_full(struct log *log)
{
	struct region spare = { 0 };

	log->spare = &spare;
	log_rotate(log);
	log->spare = NULL;
	segment_take(log->current, &spare);
	memory_charge(log->memory, log->current);
}

guint8 *log_tail(struct log *log, guint32 room)
{
	struct memory *memory = log->memory;
	int error;

	if (is_full(log))
		rotate_full(log);
	/*
	 * Each round removes a candidate, so the loop ends. It may rotate this
	 * log, and so replace the current segment.
	 */
	while (memory_lacks(memory, segment_growth(log->current, room)) &&
	       log_give_way(memory))
		;
	do {
		error = segment_reserve(log->current, room);
		memory_charge(memory, log->current);
	} while (error && log_give_way(memory));
	return error ? NULL : segment_tail(log->current);
}

void log_commit(struct log *log, guint32 len)
{
	struct segment *segment = log->current;

	segment_commit(segment, len);
	segment->modified = clock_real(log->memory->clock);
	log->total++;
	if (segment_count(segment) == 1)
		g_tree_insert(log->kept, &segment->end, segment);
	readers_grew(segment);
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
	if (segment->state == SEGMENT_DROPPED)
		free_unheld(segment);
	else
		log_collect(segment);
}
