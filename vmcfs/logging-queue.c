// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging queue: a ring of lines under a mutex. It writes nothing.
 *
 * The memory is allocated once. An empty queue restarts at its first line, so
 * that only a backlog touches the rest of the memory.
 */
#include "logging-queue.h"

#include <string.h>

#include "logging-limit.h"

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
 * @limit: limit of the notices
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
	struct logging_limit *limit;
	struct logging_line lines[VMCFS_LOG_LINES];
};

struct logging_queue *logging_queue_new(struct logging_limit *limit)
{
	struct logging_queue *queue = g_new0(struct logging_queue, 1);

	queue->limit = limit;
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
	logging_limit_free(queue->limit);
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
		   const struct notice *notice, const char *text)
{
	guint position = (queue->first + queue->count++) % VMCFS_LOG_LINES;
	struct logging_line *line = &queue->lines[position];

	line->level = level;
	line->dropped = queue->dropped;
	line->has_notice = notice != NULL;
	if (notice)
		line->notice = *notice;
	copy_text(line->text, text);
	queue->dropped = 0;
}

static gboolean passes(struct logging_queue *queue, const struct notice *notice)
{
	return !notice ||
	       logging_limit_pass(queue->limit, notice, g_get_monotonic_time());
}

static void add(struct logging_queue *queue, GLogLevelFlags level,
		const struct notice *notice, const char *text)
{
	if (queue->count < VMCFS_LOG_LINES)
		append(queue, level, notice, text);
	else
		queue->dropped++;
}

void logging_queue_push(struct logging_queue *queue, GLogLevelFlags level,
			const struct notice *notice, const char *text)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);

	if (queue->closed)
		return;
	if (passes(queue, notice))
		add(queue, level, notice, text);
	g_cond_signal(&queue->filled);
}

static void append_report(struct logging_queue *queue,
			  const struct logging_excess *excess)
{
	const struct notice_row *row = &notice_table[excess->notice.kind];
	const struct notice notice = { .kind = NOTICE_LINES_LIMITED,
				       .hmc = excess->notice.hmc };
	g_autoptr(GString) text = g_string_new(NULL);

	if (notice.hmc != NOTICE_NO_HMC)
		g_string_printf(text, "hmc%d: ", notice.hmc);
	g_string_append_printf(
		text,
		"%" G_GUINT64_FORMAT
		" line%s \"%s\" %s not logged; the limit is %d in %d seconds",
		excess->lines, excess->lines == 1 ? "" : "s", row->words,
		excess->lines == 1 ? "was" : "were", VMCFS_NOTICE_BURST,
		VMCFS_NOTICE_INTERVAL_S);
	append(queue, row->level, &notice, text->str);
}

static gboolean take_report(struct logging_queue *queue)
{
	gint64 now = queue->closed ? G_MAXINT64 : g_get_monotonic_time();
	struct logging_excess excess;

	if (!logging_limit_report(queue->limit, now, &excess))
		return FALSE;
	append_report(queue, &excess);
	return TRUE;
}

/* An empty line reports drops that no other line followed. */
static gboolean take(struct logging_queue *queue, struct logging_line *line)
{
	if (!queue->count && queue->dropped)
		append(queue, G_LOG_LEVEL_WARNING, NULL, "");
	if (!queue->count && !take_report(queue))
		return FALSE;
	*line = queue->lines[queue->first];
	queue->first =
		--queue->count ? (queue->first + 1) % VMCFS_LOG_LINES : 0;
	return TRUE;
}

/* Waits for a line, or for the time of the next report. */
static void await(struct logging_queue *queue)
{
	gint64 due = logging_limit_due(queue->limit);

	if (due == G_MAXINT64)
		g_cond_wait(&queue->filled, &queue->lock);
	else
		g_cond_wait_until(&queue->filled, &queue->lock, due);
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
		await(queue);
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

static gboolean is_written(const struct logging_queue *queue)
{
	gboolean reported =
		!queue->closed || logging_limit_due(queue->limit) == G_MAXINT64;

	return reported && !queue->count && !queue->dropped && !queue->busy;
}

gboolean logging_queue_flush(struct logging_queue *queue, guint ms)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&queue->lock);
	gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;

	while (!is_written(queue)) {
		if (!g_cond_wait_until(&queue->written, &queue->lock, end))
			return FALSE;
	}
	return TRUE;
}
