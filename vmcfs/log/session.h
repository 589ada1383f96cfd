/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log session: the numbers of the messages of one session, and which segment
 * its slowest channel reader needs. Readers are counted in the segment that
 * holds the next message kept for them, so that no operation visits all of
 * them. It drops no segment.
 */
#ifndef VMCFS_LOG_SESSION_H
#define VMCFS_LOG_SESSION_H

#include <glib.h>

struct log;
struct segment;

/**
 * struct log_session - one session of a log
 * @serial: of the session, 0 for the time before the first
 * @open: messages can still arrive
 * @end: number after its last message
 * @waiting: channel readers for which no message is kept
 * @oldest: the oldest segment with a place, or NULL: all segments of the
 *session from here on are needed
 *
 * The log, segments and channel readers share it by references.
 */
struct log_session {
	guint64 serial;
	gboolean open;
	guint64 end;
	guint waiting;
	struct segment *oldest;
};

/**
 * log_session_new() - begin a session
 * @serial: of the session
 * @end: number of its first message
 */
struct log_session *log_session_new(guint64 serial, guint64 end);

/**
 * log_session_ref() - take a reference
 * @session: any session
 */
struct log_session *log_session_ref(struct log_session *session);

/**
 * log_session_unref() - release a reference; the last one frees the session
 * @session: any session
 */
void log_session_unref(struct log_session *session);

/**
 * log_session_find() - find the next kept message
 * @session: any session of the log
 * @log: the log
 * @number: of a message
 *
 * Return: the segment of the first kept message of the session from @number on,
 * or NULL if none is kept.
 */
struct segment *log_session_find(const struct log_session *session,
				 const struct log *log, guint64 number);

/**
 * log_session_newest() - find the newest segment with messages
 * @session: any session of the log
 * @log: the log
 *
 * Return: the segment, or NULL if none is kept.
 */
struct segment *log_session_newest(const struct log_session *session,
				   const struct log *log);

/**
 * log_session_needs() - whether a channel reader still has to read a segment
 * @segment: any segment, not dropped
 */
gboolean log_session_needs(const struct segment *segment);

/**
 * log_session_enter() - count a channel reader
 * @session: its session
 * @segment: holds its next message, NULL for none; not before @oldest, which
 *	readers that move leave after they have entered
 */
void log_session_enter(struct log_session *session, struct segment *segment);

/**
 * log_session_leave() - stop counting a channel reader where it was counted
 * @session: its session
 * @log: the log
 * @segment: where it was counted, NULL for none
 * @unneeded: called for each segment that is not needed any more
 */
void log_session_leave(struct log_session *session, struct log *log,
		       struct segment *segment,
		       void (*unneeded)(struct segment *segment));

/**
 * log_session_grew() - count a message that was added
 * @segment: of the session; waiting readers have it to read now
 */
void log_session_grew(struct segment *segment);

/**
 * log_session_dropped() - count channel readers where they go on
 * @log: the log
 * @segment: was removed from the kept ones
 */
void log_session_dropped(struct log *log, struct segment *segment);

#endif
