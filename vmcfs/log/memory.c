// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory budget: maintains sums, an ordered set of the segments without a name,
 * and a table of inode numbers. It calls no log.
 *
 * The time of an operation grows at most with the logarithm of the number of
 * segments.
 */
#include "memory.h"

#include "../clock.h"
#include "segment.h"

/* Inode number of the root directory in FUSE. */
#define ROOT_INO 1

/* A large odd number, 2^64 divided by the golden ratio. */
#define SPREAD G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

static gint compare_rank(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct segment *one = a, *other = b;

	(void)data;
	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

/* SPREAD separates the numbers of runs that start shortly after one another. */
static guint32 first_ino(const struct clock *clock)
{
	struct timespec now = clock_real(clock);
	guint64 us = (guint64)now.tv_sec * G_USEC_PER_SEC +
		     (guint64)now.tv_nsec / 1000;

	return (guint32)((us * SPREAD) >> 32);
}

void memory_init(struct memory *memory, gsize limit, const struct clock *clock)
{
	*memory = (struct memory){
		.clock = clock,
		.limit = limit,
		.nameless = g_tree_new_with_data(compare_rank, NULL),
		.by_ino = g_hash_table_new(g_direct_hash, g_direct_equal),
		.next_ino = first_ino(clock),
		.next_id = 1,
	};
	g_queue_init(&memory->logs);
}

void memory_clear(struct memory *memory)
{
	g_tree_unref(memory->nameless);
	g_hash_table_destroy(memory->by_ino);
}

static gpointer ino_key(guint64 ino)
{
	return (gpointer)(guintptr)ino;
}

static gboolean is_taken(const struct memory *memory, guint64 ino)
{
	return ino <= ROOT_INO ||
	       g_hash_table_contains(memory->by_ino, ino_key(ino));
}

guint64 memory_new_ino(struct memory *memory)
{
	guint64 ino;

	do
		ino = memory->next_ino++;
	while (is_taken(memory, ino));
	g_hash_table_insert(memory->by_ino, ino_key(ino), NULL);
	return ino;
}

void memory_free_ino(struct memory *memory, guint64 ino)
{
	g_hash_table_remove(memory->by_ino, ino_key(ino));
}

struct segment *memory_find(const struct memory *memory, guint64 ino)
{
	return g_hash_table_lookup(memory->by_ino, ino_key(ino));
}

void memory_add(struct memory *memory, struct segment *segment)
{
	segment->id = memory->next_id++;
	segment->ino = memory_new_ino(memory);
	g_hash_table_insert(memory->by_ino, ino_key(segment->ino), segment);
	memory->segments++;
}

void memory_rank(struct memory *memory, struct segment *segment, guint rank)
{
	if (segment->rank == rank)
		return;
	if (segment->rank != SEGMENT_UNRANKED)
		g_tree_remove(memory->nameless, segment);
	segment->rank = rank;
	if (rank != SEGMENT_UNRANKED)
		g_tree_insert(memory->nameless, segment, segment);
}

void memory_remove(struct memory *memory, struct segment *segment)
{
	memory_rank(memory, segment, SEGMENT_UNRANKED);
	memory->used -= segment->charged;
	memory->segments--;
}

void memory_forget(struct memory *memory, struct segment *segment)
{
	memory_free_ino(memory, segment->ino);
}

void memory_charge(struct memory *memory, struct segment *segment)
{
	gsize resident = segment_resident(segment);

	memory->used += resident - segment->charged;
	segment->charged = resident;
}

gboolean memory_lacks(const struct memory *memory, gsize bytes)
{
	return memory->used + bytes > memory->limit;
}
