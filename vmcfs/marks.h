/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marks: a block of memory that the daemon shares with its announcer, in which a
 * bit says that a file has changed. It does not know how a change is announced.
 *
 * A bit is set however often a file changes before the announcer takes it, so
 * there is no queue. The bits are in lanes: the announcer takes each lane in a
 * thread of its own, because one that touches a file may have to wait.
 */
#ifndef VMCFS_MARKS_H
#define VMCFS_MARKS_H

#include <sys/types.h>

#include <glib.h>

#include "vmc/limits.h"

/*
 * In the first lane, which has no file: another lane has no thread yet, and a bit
 * that is only there to be taken.
 */
#define MARK_NEW_LANE (1U << 0)
#define MARK_PROBE (1U << 1)

/* In the lane of the root: */
#define MARK_ROOT_STATUS (1U << 0)

/* In the lane of the other files of an HMC index: */
#define MARK_STATUS (1U << 0)
#define MARK_LOG (1U << 1)
#define MARK_JSON (1U << 2)
#define MARK_LOG_ROTATED (1U << 3)
#define MARK_JSON_ROTATED (1U << 4)

/* In the lane of message, whose inode a waiting write may have locked: */
#define MARK_MESSAGE (1U << 0)
#define MARK_MESSAGE_ROTATED (1U << 1)

#define MARKS_STARTER 0
#define MARKS_ROOT 1
#define MARKS_LANES (2 + 2 * VMC_HMCS_MAX)

/**
 * struct mark_lane - changes that one thread of the announcer announces
 * @word: bits that were not taken yet, and a bit of its own while the thread
 *	sleeps
 * @thread: thread ID of its thread, or 0
 */
struct mark_lane {
	guint word;
	pid_t thread;
} __attribute__((aligned(64)));

/**
 * struct marks - shared memory
 * @interval_ms: time between two announcements of a lane in milliseconds
 * @error: 0, or the negative errno that has ended the announcer
 * @lanes: lanes, see marks_files_lane() and marks_message_lane()
 */
struct marks {
	guint interval_ms;
	gint error;
	struct mark_lane lanes[MARKS_LANES];
};

/**
 * marks_new() - make a block that child processes inherit
 * @interval_ms: time between two announcements of a lane in milliseconds
 *
 * Return: the block, for marks_free(), or NULL.
 */
struct marks *marks_new(guint interval_ms);

/**
 * marks_free() - unmap the block in this process
 * @marks: NULL is allowed
 */
void marks_free(struct marks *marks);

/**
 * marks_files_lane() - get the lane of the other files of an HMC index
 * @index: HMC index below VMC_HMCS_MAX
 */
guint marks_files_lane(guint index);

/**
 * marks_message_lane() - get the lane of message
 * @index: HMC index below VMC_HMCS_MAX
 */
guint marks_message_lane(guint index);

/**
 * marks_set() - report changes
 * @marks: shared memory
 * @lane: number of the lane
 * @bits: MARK_ bits of the lane
 *
 * Makes a system call only if the thread of the lane sleeps.
 */
void marks_set(struct marks *marks, guint lane, guint bits);

/**
 * marks_has() - check for bits that were not taken yet
 * @marks: shared memory
 * @lane: number of the lane
 * @bits: MARK_ bits of the lane
 *
 * Return: TRUE if one of them is set.
 */
gboolean marks_has(const struct marks *marks, guint lane, guint bits);

/**
 * marks_take() - wait for changes
 * @marks: shared memory
 * @lane: number of the lane; no other thread takes it
 *
 * Return: the bits that were set since the last call, at least one.
 */
guint marks_take(struct marks *marks, guint lane);

#endif
