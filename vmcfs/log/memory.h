/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory budget: the memory of all segments of a mount, its logs, and the inode
 * numbers in use. It frees nothing: log_give_way() does.
 */
#ifndef VMCFS_MEMORY_H
#define VMCFS_MEMORY_H

#include <glib.h>

struct clock;
struct log;
struct segment;

/**
 * struct memory - budget of a mount
 * @clock: clock of all logs
 * @limit: maximum size of all segments in bytes
 * @used: present size of all segments in bytes
 * @dropped: number of segments dropped for lack of memory
 * @rotations_forced: number of rotations made to have a segment to drop
 * @segments: number of segments that are not dropped
 * @logs: all logs
 * @nameless: segments with messages and without a name, those that no channel
 *	reader needs first, then by age
 * @by_ino: inode numbers in use, each with its segment, or NULL for other files
 * @next_ino: next candidate for an inode number
 * @next_id: number of the next segment in the order of creation
 */
struct memory {
	const struct clock *clock;
	gsize limit;
	gsize used;
	guint64 dropped;
	guint64 rotations_forced;
	guint segments;
	GQueue logs;
	GTree *nameless;
	GHashTable *by_ino;
	guint32 next_ino;
	guint64 next_id;
};

/**
 * memory_init() - start with an empty budget
 * @memory: uninitialised
 * @limit: maximum size in bytes
 * @clock: clock; must outlive it
 */
void memory_init(struct memory *memory, gsize limit, const struct clock *clock);

/**
 * memory_clear() - free the budget
 * @memory: without segments
 */
void memory_clear(struct memory *memory);

/**
 * memory_new_ino() - take an inode number that is not in use
 * @memory: initialised
 *
 * Numbers ascend from a start that depends on the time, so that the next run is
 * unlikely to reuse them. They wrap around below 2^32, because programs built
 * with 32-bit inode numbers fail with EOVERFLOW on larger ones.
 *
 * Return: the number, never 0 or that of the root directory.
 */
guint64 memory_new_ino(struct memory *memory);

/**
 * memory_free_ino() - release an inode number
 * @memory: initialised
 * @ino: number from memory_new_ino()
 */
void memory_free_ino(struct memory *memory, guint64 ino);

/**
 * memory_find() - find the segment with an inode number
 * @memory: initialised
 * @ino: inode number, in use or not
 *
 * Return: the segment, or NULL if no segment has it.
 */
struct segment *memory_find(const struct memory *memory, guint64 ino);

/**
 * memory_add() - register a new segment and give it its numbers
 * @memory: initialised
 * @segment: empty
 */
void memory_add(struct memory *memory, struct segment *segment);

/**
 * memory_rank() - change the position of a segment in the order of dropping
 * @memory: initialised
 * @segment: added before
 * @rank: enum segment_rank
 */
void memory_rank(struct memory *memory, struct segment *segment, guint rank);

/**
 * memory_remove() - subtract a segment that is about to be dropped
 * @memory: initialised
 * @segment: segment added before; memory_find() still finds it
 */
void memory_remove(struct memory *memory, struct segment *segment);

/**
 * memory_forget() - release the inode number of a segment
 * @memory: initialised
 * @segment: removed before
 */
void memory_forget(struct memory *memory, struct segment *segment);

/**
 * memory_charge() - count the memory that a segment takes now
 * @memory: initialised budget
 * @segment: segment that was added and not removed
 */
void memory_charge(struct memory *memory, struct segment *segment);

/**
 * memory_lacks() - check whether more bytes would exceed the limit
 * @memory: initialised
 * @bytes: number of bytes to add
 *
 * Return: TRUE if they would.
 */
gboolean memory_lacks(const struct memory *memory, gsize bytes);

#endif
