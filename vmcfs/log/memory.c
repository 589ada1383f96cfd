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

/* The oldest segment with at most @names names that is worth dropping. */
static struct segment *oldest(const struct memory *memory, guint names)
{
	for (GList *link = memory->segments.head; link; link = link->next) {
		struct segment *segment = link->data;

		if (segment->names <= names && segment_resident(segment) &&
		    !log_is_current(segment->log, segment))
			return segment;
	}
	return NULL;
}

static struct segment *largest_current(const struct memory *memory)
{
	struct segment *largest = NULL;

	for (GList *link = memory->segments.head; link; link = link->next) {
		struct segment *segment = link->data;

		if (log_is_current(segment->log, segment) &&
		    segment_resident(segment) &&
		    (!largest ||
		     segment_resident(segment) > segment_resident(largest)))
			largest = segment;
	}
	return largest;
}

void memory_make_room(struct memory *memory, gsize bytes)
{
	while (memory->used + bytes > memory->limit) {
		struct segment *segment = oldest(memory, 0);

		if (!segment)
			segment = oldest(memory, 1);
		if (segment) {
			memory->dropped++;
			log_drop(segment->log, segment);
			continue;
		}
		segment = largest_current(memory);
		if (!segment || log_rotate(segment->log))
			return;
		memory->rotations_forced++;
	}
}
