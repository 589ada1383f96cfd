/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histories: messages that contain their sender and number, and a check of the
 * messages that a reader receives. A reader receives the messages of one
 * session completely, in the order of sending, without duplicates, and without
 * gaps except reported ones. Nothing is sent here.
 */
#ifndef TESTS_MODEL_HISTORY_H
#define TESTS_MODEL_HISTORY_H

#include <glib.h>

/* Length of the shortest message in bytes. */
#define HISTORY_MIN 28

/* Senders: the application (and its echo), and the hypervisor. */
enum history_kind {
	HISTORY_SENT,
	HISTORY_EMITTED,
	HISTORY_FLOOD,
	HISTORY_KINDS
};

/**
 * struct history_reader - reader of a session, from any message on
 * @serial: serial number of the session
 * @last: number of the last message of each kind
 * @count: received messages of each kind
 * @overrun: true for kinds that may have a gap before the next message
 * @overruns: number of reported gaps
 * @lost: lost messages that were reported and not yet matched with a gap
 */
struct history_reader {
	guint64 serial;
	guint64 last[HISTORY_KINDS];
	guint64 count[HISTORY_KINDS];
	gboolean overrun[HISTORY_KINDS];
	guint64 overruns;
	guint64 lost;
};

/*
 * Makes a message of @len bytes, at least HISTORY_MIN; it ends with a newline.
 */
void history_make(enum history_kind kind, guint64 serial, guint64 number,
		  gsize len, char *text);
/* Starts a reader with the first message of a session, or with a later one. */
void history_begin(struct history_reader *reader, guint64 serial,
		   gboolean first);
/* Records a reported gap before the next message. */
void history_overrun(struct history_reader *reader);
/* Checks a received message; returns a description of the error, or NULL. */
const char *history_check(struct history_reader *reader, const guint8 *data,
			  gsize len);

#endif
