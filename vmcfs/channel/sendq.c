// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A queue of byte strings with a bound on their sum.
 */
#include "sendq.h"

#include <errno.h>

void sendq_init(struct sendq *sendq, gsize limit)
{
	*sendq = (struct sendq){ .limit = limit };
	g_queue_init(&sendq->messages);
}

guint sendq_clear(struct sendq *sendq)
{
	guint lost = sendq_length(sendq);

	g_queue_clear_full(&sendq->messages, (GDestroyNotify)g_bytes_unref);
	sendq->bytes = 0;
	sendq->full = FALSE;
	return lost;
}

guint sendq_length(const struct sendq *sendq)
{
	return sendq->messages.length;
}

gboolean sendq_has_room(const struct sendq *sendq)
{
	return !sendq->full && sendq->bytes < sendq->limit;
}

int sendq_push(struct sendq *sendq, gconstpointer data, gsize len)
{
	if (sendq_length(sendq) && sendq->bytes + len > sendq->limit)
		sendq->full = TRUE;
	if (sendq->full)
		return -EAGAIN;
	g_queue_push_tail(&sendq->messages, g_bytes_new(data, len));
	sendq->bytes += len;
	return 0;
}

gconstpointer sendq_peek(const struct sendq *sendq, gsize *len)
{
	GBytes *message =
		sendq->messages.head ? sendq->messages.head->data : NULL;

	return message ? g_bytes_get_data(message, len) : NULL;
}

void sendq_pop(struct sendq *sendq)
{
	GBytes *message = g_queue_pop_head(&sendq->messages);

	sendq->bytes -= g_bytes_get_size(message);
	g_bytes_unref(message);
	sendq->full = FALSE;
}
