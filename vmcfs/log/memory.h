/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory budget of a mount: every segment of every log, in the order they
 * were made, and the rule by which they go when there are too many bytes. It
 * also hands out inode numbers, so that no segment ever gets one twice. It
 * does not look into a segment.
 */
#ifndef VMCFS_MEMORY_H
#define VMCFS_MEMORY_H

#include <glib.h>

struct segment;

/**
 * struct memory - the budget and the segments under it
 * @limit: bytes all segments may take together
 * @used: bytes they take
 * @dropped: segments that went for want of memory
 * @rotations_forced: rotations made only to have something to drop
 * @segments: of all logs, the oldest first, none of them dropped
 * @by_ino: these, and the dropped ones that are held, by inode number
 * @next_ino: the next inode number
 */
struct memory {
	gsize limit;
	gsize used;
	guint64 dropped;
	guint64 rotations_forced;
	GQueue segments;
	GHashTable *by_ino;
	guint64 next_ino;
};

/**
 * memory_init() - an empty budget
 * @memory: uninitialised
 * @limit: in bytes
 */
void memory_init(struct memory *memory, gsize limit);

/**
 * memory_clear() - end it
 * @memory: without segments
 */
void memory_clear(struct memory *memory);

/**
 * memory_new_ino() - an inode number that was never used, not even by an
 * earlier run (they start at the wall clock's microseconds)
 * @memory: initialised
 */
guint64 memory_new_ino(struct memory *memory);

/**
 * memory_find() - the segment with an inode number
 * @memory: initialised
 * @ino: any
 *
 * Return: the segment, or NULL if there is none (any more).
 */
struct segment *memory_find(const struct memory *memory, guint64 ino);

/**
 * memory_add() - a segment was made
 * @memory: initialised
 * @segment: the youngest
 */
void memory_add(struct memory *memory, struct segment *segment);

/**
 * memory_remove() - a segment is about to lose its bytes
 * @memory: initialised
 * @segment: was added; memory_find() still finds it
 */
void memory_remove(struct memory *memory, struct segment *segment);

/**
 * memory_forget() - a segment is about to be freed
 * @memory: initialised
 * @segment: was removed
 */
void memory_forget(struct memory *memory, struct segment *segment);

/**
 * memory_grew() - a segment takes more than before
 * @memory: initialised
 * @bytes: how much more
 */
void memory_grew(struct memory *memory, gsize bytes);

/**
 * memory_lacks() - would more bytes be above the limit
 * @memory: initialised
 * @bytes: to be added
 */
gboolean memory_lacks(const struct memory *memory, gsize bytes);

/**
 * struct memory_victim - what is to go next
 * @segment: the segment, or NULL if nothing can go
 * @rotate: it is the newest of its log: that has to be rotated first
 */
struct memory_victim {
	struct segment *segment;
	gboolean rotate;
};

/**
 * memory_choose() - say what is to go next, and count it
 * @memory: initialised
 *
 * In this order: the oldest without a name, the oldest with the name of a
 * rotated one, the largest current one; first of those that no channel reader
 * needs, then of all.
 */
struct memory_victim memory_choose(struct memory *memory);

#endif
