// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turns: numbers the turns, so that each thread gets its own however often the
 * other one wants another. It handles no event itself.
 */
#include "turns.h"

void turns_init(struct turns *turns)
{
	turns->context = g_main_context_default();
	pthread_mutex_init(&turns->lock, NULL);
	pthread_cond_init(&turns->given, NULL);
	turns->next = turns->current = 0;
	turns->descriptors = g_array_new(FALSE, FALSE, sizeof(GPollFD));
	turns->watching = FALSE;
	g_main_context_acquire(turns->context);
	turns_take(turns);
}

void turns_clear(struct turns *turns)
{
	turns_give(turns);
	g_main_context_release(turns->context);
	g_array_unref(turns->descriptors);
	pthread_cond_destroy(&turns->given);
	pthread_mutex_destroy(&turns->lock);
}

void turns_take(struct turns *turns)
{
	guint own;

	pthread_mutex_lock(&turns->lock);
	own = turns->next++;
	while (turns->current != own)
		pthread_cond_wait(&turns->given, &turns->lock);
	pthread_mutex_unlock(&turns->lock);
}

void turns_give(struct turns *turns)
{
	pthread_mutex_lock(&turns->lock);
	if (++turns->current != turns->next)
		pthread_cond_broadcast(&turns->given);
	pthread_mutex_unlock(&turns->lock);
}

/* Fills the descriptors. Return: milliseconds to wait, -1 for no limit. */
static gint query(struct turns *turns, gint priority)
{
	GArray *fds = turns->descriptors;
	gint needed, timeout;

	while ((needed =
			g_main_context_query(turns->context, priority, &timeout,
					     (GPollFD *)(void *)fds->data,
					     (gint)fds->len)) > (gint)fds->len)
		g_array_set_size(fds, (guint)needed);
	g_array_set_size(fds, (guint)needed);
	return timeout;
}

void turns_main_loop(struct turns *turns)
{
	GArray *fds = turns->descriptors;
	gint priority, timeout;

	g_main_context_prepare(turns->context, &priority);
	timeout = query(turns, priority);
	turns_give(turns);
	g_poll((GPollFD *)(void *)fds->data, fds->len, timeout);
	turns_take(turns);
	if (g_main_context_check(turns->context, priority,
				 (GPollFD *)(void *)fds->data, (gint)fds->len))
		g_main_context_dispatch(turns->context);
}
