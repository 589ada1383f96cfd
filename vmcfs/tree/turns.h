/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns: lets the main loop and the thread that takes requests use the tree in
 * turn. All state of tree, channel and device belongs to the thread whose turn it
 * is. It starts no thread.
 */
#ifndef VMCFS_TURNS_H
#define VMCFS_TURNS_H

#include <pthread.h>

#include <glib.h>

/**
 * struct turns - the turn, and the descriptors that the main loop waits for
 * @lock: protects @next and @current
 * @given: signalled when a turn ends and another is wanted
 * @next: number of the next turn
 * @current: number of the present turn, or @next
 * @context: default main context
 * @descriptors: GPollFD, kept to save allocations
 * @watching: the main thread waits for a condition that a request may fulfil, so
 *	each turn of the other thread wakes it
 */
struct turns {
	pthread_mutex_t lock;
	pthread_cond_t given;
	guint next;
	guint current;
	GMainContext *context;
	GArray *descriptors;
	gboolean watching;
};

/**
 * turns_init() - begin; it is the caller's turn
 * @turns: filled completely
 *
 * The caller is the main thread: the only one that calls turns_main_loop().
 */
void turns_init(struct turns *turns);

/**
 * turns_clear() - end; no other thread may use @turns any more
 * @turns: it is the caller's turn
 */
void turns_clear(struct turns *turns);

/**
 * turns_take() - wait for the turn
 * @turns: it is not the caller's turn
 */
void turns_take(struct turns *turns);

/**
 * turns_give() - end the turn
 * @turns: it is the caller's turn
 */
void turns_give(struct turns *turns);

/**
 * turns_main_loop() - run the default main context once
 * @turns: it is the caller's turn
 *
 * Like g_main_context_iteration() it waits for an event; the other thread has
 * its turn meanwhile. A thread that changes when a source is due wakes the main
 * context.
 */
void turns_main_loop(struct turns *turns);

#endif
