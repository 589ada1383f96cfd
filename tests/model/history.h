/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that say who sent them and as which of its messages, and a check of
 * what a reader gets: the messages of one session, each complete, in the order
 * in which they were sent, none twice, and none missing but what was reported.
 */
#ifndef TESTS_MODEL_HISTORY_H
#define TESTS_MODEL_HISTORY_H

#include <glib.h>

/* Shortest message. */
#define HISTORY_MIN 28

/* Senders: the application (and back as an echo), and the hypervisor. */
enum history_kind {
	HISTORY_SENT,
	HISTORY_EMITTED,
	HISTORY_FLOOD,
	HISTORY_KINDS
};

/**
 * struct history_reader - a reader, from some message of a session on
 * @serial: of the session
 * @last: number of the last message of each kind
 * @count: messages of each kind that came
 * @overrun: messages of each kind may be missing before the next one
 * @overruns: how often that was reported
 * @lost: messages of the session that were reported lost, and are not accounted
 *	for by a gap yet
 */
struct history_reader {
	guint64 serial;
	guint64 last[HISTORY_KINDS];
	guint64 count[HISTORY_KINDS];
	gboolean overrun[HISTORY_KINDS];
	guint64 overruns;
	guint64 lost;
};

/* A message of @len bytes, at least HISTORY_MIN; ends with a newline. */
void history_make(enum history_kind kind, guint64 serial, guint64 number,
		  gsize len, char *text);
/* A reader that begins with the first message of a session, or later. */
void history_begin(struct history_reader *reader, guint64 serial,
		   gboolean first);
/* Messages are missing before the next one, and this was reported. */
void history_overrun(struct history_reader *reader);
/* A message came. Return what is wrong, or NULL. */
const char *history_check(struct history_reader *reader, const guint8 *data,
			  gsize len);

#endif
