// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging queue: a ring of lines under a mutex. It writes nothing.
 *
 * The memory is allocated once. An empty queue restarts at its first line, so
 * that only a backlog touches the rest of the memory.
 */
#include "logging-queue.h"

#include <string.h>

/**
 * struct logging_queue - lines on their way to the logger thread
 * @lock: lock of all other members
 * @filled: signalled for the consumer
 * @written: signalled when no line is left
 * @first: position of the oldest line
 * @count: number of lines
 * @dropped: number of lines that did not fit since the last one that did
 * @busy: TRUE while the consumer writes a line
 * @closed: TRUE if no more lines are accepted
 * @lines: ring of lines
 */
struct logging_queue {
	GMutex lock;
	GCond filled;
	GCond written;
	guint first;
	guint count;
	guint64 dropped;
	gboolean busy;
	gboolean closed;
	struct logging_line lines[VMCFS_LOG_LINES];
};

struct logging_queue *logging_queue_new(void)
{
	struct logging_queue *queue = g_new0(struct logging_queue, 1);

	g_mutex_init(&queue->lock);
	g_cond_init(&queue->filled);
	g_cond_init(&queue->written);
	return queue;
}

void logging_queue_free(struct logging_queue *queue)
{
	if (!queue)
		return;
	g_cond_clear(&queue->written);
	g_cond_clear(&queue->filled);
	g_mutex_clear(&queue->lock);
	g_free(queue);
}

/* Replaces control characters: newlines, and sequences for terminals. */
static void copy_text(char *to, const char *text)
{
	gsize len = strnlen(text, VMCFS_LOG_LINE_MAX - 1);

	for (gsize i = 0; i < len; i++)
		to[i] = g_ascii_iscntrl(text[i]) ? ' ' : text[i];
	to[len] = '\0';
}

static void append(struct logging_queue *queue, GLogLevelFlags level,
		   const char *text)
{
	guint position = (queue->first + queue->count++) % VMCFS_LOG_LINES;
	struct logging_line *line = &queue->lines[position];

	line->level = level;
	line->dropped = queue->dropped;
	copy_text(line->text, text);
	queue->dropped = 0;
}

void logging_queue_push(struct logging_queue *queue, GLogLevelFlags level,
			const char *text)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);

	if (queue->closed)
		return;
	if (queue->count < VMCFS_LOG_LINES)
		append(queue, level, text);
	else
		queue->dropped++;
	g_cond_signal(&queue->filled);
}

/* An empty line reports drops that no other line followed. */
static gboolean take(struct logging_queue *queue, struct logging_line *line)
{
	if (!queue->count && !queue->dropped)
		return FALSE;
	if (!queue->count)
		append(queue, G_LOG_LEVEL_WARNING, "");
	*line = queue->lines[queue->first];
	queue->first =
		--queue->count ? (queue->first + 1) % VMCFS_LOG_LINES : 0;
	return TRUE;
}

gboolean logging_queue_take(struct logging_queue *queue,
			    struct logging_line *line)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);

	queue->busy = FALSE;
	while (!take(queue, line)) {
		g_cond_broadcast(&queue->written);
		if (queue->closed)
			return FALSE;
		g_cond_wait(&queue->filled, &queue->lock);
	}
	queue->busy = TRUE;
	return TRUE;
}

void logging_queue_close(struct logging_queue *queue)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);

	queue->closed = TRUE;
	g_cond_signal(&queue->filled);
}

gboolean logging_queue_flush(struct logging_queue *queue, guint ms)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);
	gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;

	while (queue->count || queue->dropped || queue->busy) {
		if (!g_cond_wait_until(&queue->written, &queue->lock, end))
			return FALSE;
	}
	return TRUE;
}
