// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histories: formats messages and checks those that a reader receives. Nothing
 * is sent here.
 */
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char letters[] = "SE";

static char fill(guint64 number, gsize at)
{
	return (char)('a' + (number * 7 + at) % 26);
}

void history_make(enum history_kind kind, guint64 serial, guint64 number,
		  gsize len, char *text)
{
	gsize at = (gsize)snprintf(text, HISTORY_MIN, "%c %08x %08x %05x ",
				   letters[kind], (guint)serial, (guint)number,
				   (guint)len);

	for (; at < len - 1; at++)
		text[at] = fill(number, at);
	text[len - 1] = '\n';
}

void history_begin(struct history_reader *reader, guint64 serial,
		   gboolean first)
{
	*reader = (struct history_reader){ .serial = serial };
	for (int kind = 0; !first && kind < HISTORY_KINDS; kind++)
		reader->overrun[kind] = TRUE;
}

void history_overrun(struct history_reader *reader)
{
	reader->overruns++;
	for (int kind = 0; kind < HISTORY_KINDS; kind++)
		reader->overrun[kind] = TRUE;
}

static gboolean follows(struct history_reader *reader, enum history_kind kind,
			guint64 number)
{
	guint64 last = reader->last[kind];
	guint64 missing = number - last - 1;

	/* The messages of each flood are numbered from 1. */
	if (kind == HISTORY_FLOOD && number <= last) {
		last = 0;
		missing = number - 1;
	}
	if (number <= last)
		return FALSE;
	if (reader->overrun[kind] || !missing)
		return TRUE;
	if (missing > reader->lost)
		return FALSE;
	reader->lost -= missing;
	return TRUE;
}

static const char *take(struct history_reader *reader, enum history_kind kind,
			guint64 number)
{
	static char wrong[128];

	if (!follows(reader, kind, number)) {
		snprintf(wrong, sizeof(wrong),
			 "message %d/%" G_GUINT64_FORMAT
			 " after %d/%" G_GUINT64_FORMAT,
			 kind, number, kind, reader->last[kind]);
		return wrong;
	}
	reader->last[kind] = number;
	reader->count[kind]++;
	reader->overrun[kind] = FALSE;
	return NULL;
}

const char *history_check(struct history_reader *reader, const guint8 *data,
			  gsize len)
{
	char head[HISTORY_MIN] = "", expected[HISTORY_MIN];
	guint serial, number, length;
	char letter;

	memcpy(head, data, MIN(len, sizeof(head) - 1));
	if (g_ascii_isdigit(head[0]))
		return take(reader, HISTORY_FLOOD, strtoull(head, NULL, 10));
	if (sscanf(head, "%c %8x %8x %5x ", &letter, &serial, &number,
		   &length) != 4 ||
	    !strchr(letters, letter))
		return "a message that was not sent";
	if (length != len)
		return "a message of a wrong length";
	if (serial != (guint)reader->serial)
		return "a message of another session";
	snprintf(expected, sizeof(expected), "%c %08x %08x %05x ", letter,
		 serial, number, length);
	for (gsize at = strlen(expected); at < len - 1; at += len / 16 + 1) {
		if (data[at] != (guint8)fill(number, at))
			return "a message with wrong bytes";
	}
	if (data[len - 1] != '\n')
		return "a message with a wrong end";
	return take(reader,
		    (enum history_kind)(strchr(letters, letter) - letters),
		    number);
}
