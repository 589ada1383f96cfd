/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log messages: adds messages to a log as a channel does, and checks those at
 * a cursor. It contains no test. All bytes of a message have the value of its
 * number.
 */
#ifndef TESTS_UNIT_LOG_MESSAGES_H
#define TESTS_UNIT_LOG_MESSAGES_H

#include <glib.h>

#include "clock.h"

struct log;
struct cursor;
struct memory;

/* Clock that only tests change; it starts at one hour. */
struct messages_clock {
	struct clock clock;
	gint64 us;
};

void messages_clock_init(struct messages_clock *clock);
/* Returns the size of a page, the unit of the budget, in bytes. */
gsize messages_page(void);
/* Adds @count messages of @len bytes, which must succeed. */
void messages_add(struct log *log, guint64 count, guint32 len);
/* Lets logs give way until @bytes fit the budget, or none can. */
void messages_make_room(struct memory *memory, gsize bytes);
/* Expects the last @len bytes of message @number next at the cursor. */
void messages_expect(struct cursor *cursor, guint64 number, gsize len);
/* Expects the same bytes, and reads them. */
void messages_read(struct cursor *cursor, guint64 number, gsize len);

#endif
