// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log messages: adds messages at the tail of a log, and checks those at a
 * cursor. It contains no test.
 */
#include "log-messages.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "log/cursor.h"
#include "log/memory.h"

static gint64 monotonic(void *data)
{
	return ((struct messages_clock *)data)->us;
}

static struct timespec real(void *data)
{
	return (struct timespec){ .tv_sec = monotonic(data) / G_USEC_PER_SEC };
}

void messages_clock_init(struct messages_clock *clock)
{
	clock->clock = (struct clock){ monotonic, real, clock };
	clock->us = 3600 * (gint64)G_USEC_PER_SEC;
}

gsize messages_page(void)
{
	return (gsize)sysconf(_SC_PAGESIZE);
}

void messages_add(struct log *log, guint64 count, guint32 len)
{
	for (guint64 i = 0; i < count; i++) {
		guint8 *tail = log_tail(log, len);

		cr_assert_not_null(tail);
		memset(tail, (guint8)log->total, len);
		log_commit(log, len);
	}
}

void messages_make_room(struct memory *memory, gsize bytes)
{
	while (memory_lacks(memory, bytes) && log_give_way(memory))
		;
}

void messages_expect(struct cursor *cursor, guint64 number, gsize len)
{
	const guint8 *data;
	gsize got = 0;

	cr_assert(cursor_ready(cursor));
	cr_assert_not(cursor_ended(cursor));
	cr_assert_eq(cursor_next(cursor, &data, &got), 1);
	cr_assert_eq(got, len, "the message has %zu bytes instead of %zu", got,
		     len);
	for (gsize i = 0; i < len; i++)
		cr_assert_eq(data[i], (guint8)number);
}

void messages_read(struct cursor *cursor, guint64 number, gsize len)
{
	messages_expect(cursor, number, len);
	cursor_advance(cursor, len);
}
