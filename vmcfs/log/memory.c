// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory budget. What goes first is decided here; how a segment goes, and
 * who is told, is the log's affair.
 */
#include "memory.h"

#include "log.h"
#include "segment.h"

void memory_init(struct memory *memory, gsize limit)
{
	*memory = (struct memory){
		.limit = limit,
		.by_ino = g_hash_table_new(g_int64_hash, g_int64_equal),
		.next_ino = (guint64)g_get_real_time(),
	};
	g_queue_init(&memory->segments);
}

void memory_clear(struct memory *memory)
{
	g_hash_table_destroy(memory->by_ino);
}

guint64 memory_new_ino(struct memory *memory)
{
	return memory->next_ino++;
}

struct segment *memory_find(const struct memory *memory, guint64 ino)
{
	return g_hash_table_lookup(memory->by_ino, &ino);
}

void memory_add(struct memory *memory, struct segment *segment)
{
	g_queue_push_tail(&memory->segments, segment);
	g_hash_table_insert(memory->by_ino, &segment->ino, segment);
	memory->used += segment_resident(segment);
}

void memory_remove(struct memory *memory, struct segment *segment)
{
	g_queue_remove(&memory->segments, segment);
	memory->used -= segment_resident(segment);
}

void memory_forget(struct memory *memory, struct segment *segment)
{
	g_hash_table_remove(memory->by_ino, &segment->ino);
}

void memory_grew(struct memory *memory, gsize bytes)
{
	memory->used += bytes;
}

gboolean memory_lacks(const struct memory *memory, gsize bytes)
{
	return memory->used + bytes > memory->limit;
}

/* May this segment be chosen, if those that are needed may, or may not? */
static gboolean is_choice(const struct segment *segment, gboolean needed)
{
	return segment_resident(segment) && (needed || !log_is_needed(segment));
}

static struct segment *oldest(const struct memory *memory, guint names,
			      gboolean needed)
{
	for (GList *link = memory->segments.head; link; link = link->next) {
		struct segment *segment = link->data;

		if (segment->names == names && is_choice(segment, needed) &&
		    !log_is_current(segment->log, segment))
			return segment;
	}
	return NULL;
}

static struct segment *largest_current(const struct memory *memory,
				       gboolean needed)
{
	struct segment *largest = NULL;

	for (GList *link = memory->segments.head; link; link = link->next) {
		struct segment *segment = link->data;

		if (log_is_current(segment->log, segment) &&
		    is_choice(segment, needed) &&
		    (!largest ||
		     segment_resident(segment) > segment_resident(largest)))
			largest = segment;
	}
	return largest;
}

static struct memory_victim choose(const struct memory *memory, gboolean needed)
{
	struct memory_victim victim = { oldest(memory, 0, needed), FALSE };

	if (!victim.segment)
		victim.segment = oldest(memory, 1, needed);
	if (victim.segment)
		return victim;
	victim.segment = largest_current(memory, needed);
	victim.rotate = victim.segment != NULL;
	return victim;
}

struct memory_victim memory_choose(struct memory *memory)
{
	struct memory_victim victim = choose(memory, FALSE);

	if (!victim.segment)
		victim = choose(memory, TRUE);
	if (victim.rotate)
		memory->rotations_forced++;
	else if (victim.segment)
		memory->dropped++;
	return victim;
}
