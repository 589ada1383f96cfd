/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bounded queue of messages that wait for the device, in order. It sends
 * nothing itself.
 */
#ifndef VMCFS_SENDQ_H
#define VMCFS_SENDQ_H

#include <glib.h>

/**
 * struct sendq - messages that wait
 * @messages: GBytes, the oldest first
 * @bytes: of all of them
 * @limit: bytes it takes; an empty queue takes any one message
 * @full: a message did not fit; nothing is taken before one has left, lest
 *	short messages overtake a long one that waits for room
 */
struct sendq {
	GQueue messages;
	gsize bytes;
	gsize limit;
	gboolean full;
};

/**
 * sendq_init() - an empty queue
 * @sendq: uninitialised
 * @limit: in bytes
 */
void sendq_init(struct sendq *sendq, gsize limit);

/**
 * sendq_clear() - throw away what waits
 * @sendq: initialised
 *
 * Return: how many messages that were.
 */
guint sendq_clear(struct sendq *sendq);

/**
 * sendq_length() - number of messages that wait
 * @sendq: initialised
 */
guint sendq_length(const struct sendq *sendq);

/**
 * sendq_has_room() - may it take one more message
 * @sendq: initialised
 */
gboolean sendq_has_room(const struct sendq *sendq);

/**
 * sendq_push() - add a message at the end
 * @sendq: initialised
 * @data: copied
 * @len: in bytes
 *
 * Return: 0, or -EAGAIN if there is no room: nothing changed.
 */
int sendq_push(struct sendq *sendq, gconstpointer data, gsize len);

/**
 * sendq_peek() - the oldest message
 * @sendq: initialised
 * @len: set to its length
 *
 * Return: its bytes, or NULL if nothing waits.
 */
gconstpointer sendq_peek(const struct sendq *sendq, gsize *len);

/**
 * sendq_pop() - the oldest message was sent
 * @sendq: not empty
 */
void sendq_pop(struct sendq *sendq);

#endif
