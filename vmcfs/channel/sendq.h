/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Send queue: the bounded queue of messages that wait for the device, in order,
 * in one ring of memory. It sends no message.
 */
#ifndef VMCFS_SENDQ_H
#define VMCFS_SENDQ_H

#include <glib.h>

#include "../log/region.h"

/*
 * A message counts as at least this many bytes, so that the stored lengths
 * never take more than a quarter of the counted bytes.
 */
#define SENDQ_MESSAGE_MIN 16

/**
 * struct sendq - messages that wait
 * @ring: length and bytes of each message, which may wrap around the end
 * @head: offset of the oldest message
 * @used: bytes of the ring in use
 * @whole: copy of the oldest message if it wraps around the end, or NULL
 * @messages: number of messages
 * @bytes: length of all messages
 * @charged: length of all messages, each counted as at least SENDQ_MESSAGE_MIN
 * @limit: largest value of @charged; an empty queue accepts one message of
 *	every length
 * @full: TRUE if a message did not fit; none is added before one has left, so
 *	that short messages do not overtake a long one that waits for room
 */
struct sendq {
	struct region ring;
	gsize head;
	gsize used;
	GByteArray *whole;
	guint messages;
	gsize bytes;
	gsize charged;
	gsize limit;
	gboolean full;
};

/**
 * sendq_init() - start with an empty queue
 * @sendq: uninitialised
 * @limit: limit in bytes
 */
void sendq_init(struct sendq *sendq, gsize limit);

/**
 * sendq_clear() - drop all messages and free the memory
 * @sendq: initialised; it can be used again
 *
 * Return: the number of messages dropped.
 */
guint sendq_clear(struct sendq *sendq);

/**
 * sendq_length() - count the messages
 * @sendq: initialised
 *
 * Return: the number of messages.
 */
guint sendq_length(const struct sendq *sendq);

/**
 * sendq_has_room() - check whether a message may be added
 * @sendq: initialised
 *
 * Return: FALSE if a short message could not be added now.
 */
gboolean sendq_has_room(const struct sendq *sendq);

/**
 * sendq_push() - add a message at the end
 * @sendq: initialised
 * @data: copied
 * @len: length in bytes
 *
 * Return: 0; -EAGAIN if there is no room; -ENOMEM if the kernel refused the
 * memory. Nothing is added on failure.
 */
int sendq_push(struct sendq *sendq, gconstpointer data, gsize len);

/**
 * sendq_peek() - get the oldest message
 * @sendq: initialised
 * @len: set to its length
 *
 * Return: its bytes, valid until the queue is changed, or NULL if the queue is
 * empty.
 */
gconstpointer sendq_peek(struct sendq *sendq, gsize *len);

/**
 * sendq_pop() - remove the oldest message
 * @sendq: queue that is not empty
 */
void sendq_pop(struct sendq *sendq);

#endif
