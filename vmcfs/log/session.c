// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log session: look-up by message number, and the counting of channel readers.
 * A reader only moves forward, so @oldest does, and each segment is passed
 * once.
 */
#include "session.h"

#include "log.h"
#include "segment.h"

struct log_session *log_session_new(guint64 serial, guint64 end)
{
	struct log_session *session = g_rc_box_new0(struct log_session);

	session->serial = serial;
	session->end = end;
	return session;
}

struct log_session *log_session_ref(struct log_session *session)
{
	return g_rc_box_acquire(session);
}

void log_session_unref(struct log_session *session)
{
	g_rc_box_release(session);
}

static struct segment *segment_at(GTreeNode *node)
{
	return node ? g_tree_node_value(node) : NULL;
}

static struct segment *own(const struct log_session *session,
			   struct segment *segment)
{
	return segment && segment->session == session ? segment : NULL;
}

struct segment *log_session_find(const struct log_session *session,
				 const struct log *log, guint64 number)
{
	return own(session, segment_at(g_tree_upper_bound(log->kept, &number)));
}

struct segment *log_session_newest(const struct log_session *session,
				   const struct log *log)
{
	GTreeNode *later = g_tree_upper_bound(log->kept, &session->end);

	return own(session, segment_at(later ? g_tree_node_previous(later) :
					       g_tree_node_last(log->kept)));
}

gboolean log_session_needs(const struct segment *segment)
{
	const struct segment *oldest = segment->session->oldest;

	return oldest && segment_count(segment) &&
	       segment->first >= oldest->first;
}

void log_session_enter(struct log_session *session, struct segment *segment)
{
	if (segment)
		segment->places++;
	else
		session->waiting++;
}

void log_session_leave(struct log_session *session, struct log *log,
		       struct segment *segment,
		       void (*unneeded)(struct segment *segment))
{
	if (!segment) {
		session->waiting--;
		return;
	}
	segment->places--;
	while ((segment = session->oldest) && !segment->places) {
		session->oldest = log_session_find(session, log, segment->end);
		unneeded(segment);
	}
}

void log_session_grew(struct segment *segment)
{
	struct log_session *session = segment->session;

	session->end = segment->end;
	if (!session->waiting)
		return;
	segment->places += session->waiting;
	session->waiting = 0;
	if (!session->oldest)
		session->oldest = segment;
}

void log_session_dropped(struct log *log, struct segment *segment)
{
	struct log_session *session = segment->session;
	struct segment *next = log_session_find(session, log, segment->end);

	if (next)
		next->places += segment->places;
	else
		session->waiting += segment->places;
	if (session->oldest == segment)
		session->oldest = next;
}
