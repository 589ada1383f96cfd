/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers: finds the segments of a session that its channel readers still need.
 * It drops no segment and stores no position.
 *
 * Readers are counted in the segment that holds their next kept message, so no
 * operation visits all of them.
 */
#ifndef VMCFS_READERS_H
#define VMCFS_READERS_H

#include <glib.h>

struct log_session;
struct segment;

/**
 * readers_find() - find the next kept message
 * @session: session of the log
 * @kept: kept segments of the log, by the number after their last message
 * @number: number of a message
 *
 * Return: the segment of the first kept message of the session from @number on,
 * or NULL if none is kept.
 */
struct segment *readers_find(const struct log_session *session, GTree *kept,
			     guint64 number);

/**
 * readers_newest() - find the newest segment with messages
 * @session: session of the log
 * @kept: kept segments of the log
 *
 * Return: the segment, or NULL if none is kept.
 */
struct segment *readers_newest(const struct log_session *session, GTree *kept);

/**
 * readers_need() - check whether a channel reader still needs a segment
 * @segment: segment that is not dropped
 *
 * Return: TRUE if a reader has not read past it.
 */
gboolean readers_need(const struct segment *segment);

/**
 * readers_enter() - count a channel reader
 * @session: its session
 * @segment: segment of its next message, not before @oldest; NULL for none
 *
 * A reader that moves enters the new segment before it leaves the old one.
 */
void readers_enter(struct log_session *session, struct segment *segment);

/**
 * readers_leave() - stop counting a channel reader in a segment
 * @session: its session
 * @kept: kept segments of the log
 * @segment: segment in which it was counted, NULL for none
 * @unneeded: called for each segment that no reader needs now
 */
void readers_leave(struct log_session *session, GTree *kept,
		   struct segment *segment,
		   void (*unneeded)(struct segment *segment));

/**
 * readers_grew() - count a message that was added
 * @segment: segment of the message; readers that waited are counted in it
 */
void readers_grew(struct segment *segment);

/**
 * readers_dropped() - count the readers of a dropped segment in the next one
 * @kept: kept segments of the log
 * @segment: removed from @kept
 */
void readers_dropped(GTree *kept, struct segment *segment);

#endif
