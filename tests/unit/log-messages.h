/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages for the tests of the log, put in as a channel would: each is known
 * by its number, which all of its bytes have.
 */
#ifndef TESTS_UNIT_LOG_MESSAGES_H
#define TESTS_UNIT_LOG_MESSAGES_H

#include <glib.h>

#include "clock.h"

struct log;
struct cursor;

/* A clock that stands still, but for tests that move it: starts at an hour. */
struct messages_clock {
	struct clock clock;
	gint64 us;
};

void messages_clock_init(struct messages_clock *clock);
/* Bytes of a page: what the budget counts in. */
gsize messages_page(void);
/* Add @count messages of @len bytes, which must succeed. */
void messages_add(struct log *log, guint64 count, guint32 len);
/* The next message of the cursor is the rest of number @number, @len bytes of
 * it. */
void messages_expect(struct cursor *cursor, guint64 number, gsize len);
/* The same, and it is read. */
void messages_read(struct cursor *cursor, guint64 number, gsize len);

#endif
