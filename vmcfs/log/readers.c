// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readers: finds kept messages by number, and counts the channel readers of a
 * session in its segments. It drops no segment.
 *
 * A reader only moves forward. So does the oldest needed segment of a session,
 * which therefore passes each segment once.
 */
#include "readers.h"

#include "segment.h"

static struct segment *segment_at(GTreeNode *node)
{
	return node ? g_tree_node_value(node) : NULL;
}

static struct segment *own(const struct log_session *session,
			   struct segment *segment)
{
	return segment && segment->session == session ? segment : NULL;
}

struct segment *readers_find(const struct log_session *session, GTree *kept,
			     guint64 number)
{
	if (number >= session->end)
		return NULL;
	return own(session, segment_at(g_tree_upper_bound(kept, &number)));
}

struct segment *readers_newest(const struct log_session *session, GTree *kept)
{
	GTreeNode *later = g_tree_upper_bound(kept, &session->end);

	return own(session, segment_at(later ? g_tree_node_previous(later) :
					       g_tree_node_last(kept)));
}

gboolean readers_need(const struct segment *segment)
{
	const struct segment *oldest = segment->session->oldest;

	return oldest && segment_count(segment) &&
	       segment->first >= oldest->first;
}

void readers_enter(struct log_session *session, struct segment *segment)
{
	if (segment)
		segment->cursors++;
	else
		session->waiting++;
}

void readers_leave(struct log_session *session, GTree *kept,
		   struct segment *segment,
		   void (*unneeded)(struct segment *segment))
{
	if (!segment) {
		session->waiting--;
		return;
	}
	segment->cursors--;
	while ((segment = session->oldest) && !segment->cursors) {
		session->oldest = readers_find(session, kept, segment->end);
		unneeded(segment);
	}
}

void readers_grew(struct segment *segment)
{
	struct log_session *session = segment->session;

	session->end = segment->end;
	if (!session->waiting)
		return;
	segment->cursors += session->waiting;
	session->waiting = 0;
	if (!session->oldest)
		session->oldest = segment;
}

void readers_dropped(GTree *kept, struct segment *segment)
{
	struct log_session *session = segment->session;
	struct segment *next = readers_find(session, kept, segment->end);

	if (next)
		next->cursors += segment->cursors;
	else
		session->waiting += segment->cursors;
	if (session->oldest == segment)
		session->oldest = next;
}
