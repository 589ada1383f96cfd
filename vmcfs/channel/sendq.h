/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Send queue: the bounded queue of messages that wait for the device, in order,
 * in one ring of memory. It sends nothing itself.
 */
#ifndef VMCFS_SENDQ_H
#define VMCFS_SENDQ_H

#include <glib.h>

#include "../log/region.h"

/*
 * A message counts as this many bytes at least, so that the lengths beside the
 * messages never take more than a quarter of what is counted.
 */
#define SENDQ_MESSAGE_MIN 16

/**
 * struct sendq - messages that wait
 * @ring: for each message its length and its bytes, across the end if need be
 * @head: offset of the oldest message
 * @used: bytes of the ring in use
 * @whole: copy of the oldest message if it lies across the end, or NULL
 * @messages: number of messages
 * @bytes: of all messages
 * @charged: the same, each counted as SENDQ_MESSAGE_MIN at least
 * @limit: largest value of @charged; an empty queue takes any one message
 * @full: a message did not fit; nothing is taken before one has left, lest
 *	short messages overtake a long one that waits for room
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
 * @limit: in bytes
 */
void sendq_init(struct sendq *sendq, gsize limit);

/**
 * sendq_clear() - drop what waits and free the memory
 * @sendq: initialised; it can be used again
 *
 * Return: the number of messages dropped.
 */
guint sendq_clear(struct sendq *sendq);

/**
 * sendq_length() - number of messages that wait
 * @sendq: initialised
 */
guint sendq_length(const struct sendq *sendq);

/**
 * sendq_has_room() - whether one more message may be taken
 * @sendq: initialised
 */
gboolean sendq_has_room(const struct sendq *sendq);

/**
 * sendq_push() - add a message at the end
 * @sendq: initialised
 * @data: copied
 * @len: in bytes
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
 * Return: its bytes, valid until the queue is changed, or NULL if nothing
 * waits.
 */
gconstpointer sendq_peek(struct sendq *sendq, gsize *len);

/**
 * sendq_pop() - remove the oldest message
 * @sendq: not empty
 */
void sendq_pop(struct sendq *sendq);

#endif
