// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Send queue: a ring that grows up to its limit. It sends no message. Only a
 * message that lies across the end of the ring is copied when it is sent.
 */
#include "sendq.h"

#include <errno.h>
#include <string.h>

void sendq_init(struct sendq *sendq, gsize limit)
{
	*sendq = (struct sendq){ .limit = limit };
}

static void forget_whole(struct sendq *sendq)
{
	g_clear_pointer(&sendq->whole, g_byte_array_unref);
}

guint sendq_clear(struct sendq *sendq)
{
	guint lost = sendq->messages;

	forget_whole(sendq);
	region_clear(&sendq->ring);
	sendq_init(sendq, sendq->limit);
	return lost;
}

guint sendq_length(const struct sendq *sendq)
{
	return sendq->messages;
}

gboolean sendq_has_room(const struct sendq *sendq)
{
	return !sendq->full && sendq->charged < sendq->limit;
}

static gsize charge(gsize len)
{
	return MAX(len, SENDQ_MESSAGE_MIN);
}

/* A ring touches all of its memory, so it is not mapped beyond its limit. */
static gsize grown(const struct sendq *sendq, gsize needed)
{
	gsize before = sendq->ring.mapped, limit = sendq->limit;

	return MAX(needed, MIN(before + before / 4, limit + limit / 4));
}

/* A message that wraps in the old ring also wraps in the new one. */
static int grow(struct sendq *sendq, gsize needed)
{
	gsize before = sendq->ring.mapped, more;
	int error;

	if (needed <= before)
		return 0;
	error = region_resize(&sendq->ring, grown(sendq, needed));
	if (error)
		return error;
	more = sendq->ring.mapped - before;
	if (sendq->head + sendq->used <= before)
		return 0;
	memmove(sendq->ring.base + sendq->head + more,
		sendq->ring.base + sendq->head, before - sendq->head);
	sendq->head += more;
	return 0;
}

/* Return: the bytes at @offset after the head; @len ends at the ring's end. */
static guint8 *part(const struct sendq *sendq, gsize offset, gsize *len)
{
	gsize at = (sendq->head + offset) % sendq->ring.mapped;

	*len = MIN(*len, sendq->ring.mapped - at);
	return sendq->ring.base + at;
}

static void put(struct sendq *sendq, gconstpointer data, gsize len)
{
	gsize first = len;
	guint8 *to = part(sendq, sendq->used, &first);

	memcpy(to, data, first);
	memcpy(sendq->ring.base, (const guint8 *)data + first, len - first);
	sendq->used += len;
}

static void get(const struct sendq *sendq, gsize offset, gpointer data,
		gsize len)
{
	gsize first = len;
	const guint8 *from = part(sendq, offset, &first);

	memcpy(data, from, first);
	memcpy((guint8 *)data + first, sendq->ring.base, len - first);
}

int sendq_push(struct sendq *sendq, gconstpointer data, gsize len)
{
	int error;

	if (sendq->messages && sendq->charged + charge(len) > sendq->limit)
		sendq->full = TRUE;
	if (sendq->full)
		return -EAGAIN;
	error = grow(sendq, sendq->used + sizeof(guint32) + len);
	if (error)
		return error;
	put(sendq, &(guint32){ (guint32)len }, sizeof(guint32));
	put(sendq, data, len);
	sendq->messages++;
	sendq->bytes += len;
	sendq->charged += charge(len);
	return 0;
}

static gsize oldest_length(const struct sendq *sendq)
{
	guint32 len;

	get(sendq, 0, &len, sizeof(len));
	return len;
}

gconstpointer sendq_peek(struct sendq *sendq, gsize *len)
{
	gsize together;
	const guint8 *data;

	if (!sendq->messages)
		return NULL;
	*len = together = oldest_length(sendq);
	data = part(sendq, sizeof(guint32), &together);
	if (together == *len)
		return data;
	if (!sendq->whole) {
		sendq->whole = g_byte_array_sized_new((guint)*len);
		g_byte_array_set_size(sendq->whole, (guint)*len);
		get(sendq, sizeof(guint32), sendq->whole->data, *len);
	}
	return sendq->whole->data;
}

void sendq_pop(struct sendq *sendq)
{
	gsize len = oldest_length(sendq);

	forget_whole(sendq);
	sendq->head =
		(sendq->head + sizeof(guint32) + len) % sendq->ring.mapped;
	sendq->used -= sizeof(guint32) + len;
	sendq->messages--;
	sendq->bytes -= len;
	sendq->charged -= charge(len);
	sendq->full = FALSE;
}
