// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging: a log writer that queues lines, and the thread that writes them. The
 * serving thread never writes; lines that it cannot queue are counted.
 */
#include "logging.h"

#include <errno.h>

#include "defaults.h"
#include "logging-queue.h"
#include "logging-sink.h"
#include "thread.h"

/**
 * struct logger - the logger thread
 * @thread: thread that writes
 * @queue: lines for it
 * @sink: destination, used by the thread alone
 */
struct logger {
	pthread_t thread;
	struct logging_queue *queue;
	struct logging_sink sink;
};

static const char *message_of(const GLogField *fields, gsize n_fields)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (g_str_equal(fields[i].key, "MESSAGE"))
			return fields[i].value;
	}
	return "";
}

/* In GLib, more severe levels have lower numbers; a fatal line aborts. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
				  gsize n_fields, gpointer data)
{
	const struct logging *logging = data;
	const char *message = message_of(fields, n_fields);
	struct logging_sink sink;

	if ((level & G_LOG_LEVEL_MASK) > logging->level)
		return G_LOG_WRITER_HANDLED;
	if (logging->logger) {
		logging_queue_push(logging->logger->queue, level, message);
		if (level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR))
			logging_queue_flush(logging->logger->queue,
					    VMCFS_LOG_FLUSH_MS);
	} else if (!logging_sink_init(&sink, FALSE)) {
		logging_sink_write(&sink, level, message);
	}
	return G_LOG_WRITER_HANDLED;
}

static int report_dropped(const struct logging_sink *sink, guint64 count)
{
	char text[VMCFS_LOG_LINE_MAX];

	g_snprintf(text, sizeof(text),
		   "%" G_GUINT64_FORMAT " log line%s dropped", count,
		   count == 1 ? " was" : "s were");
	return logging_sink_write(sink, G_LOG_LEVEL_WARNING, text);
}

/* Return: the number of dropped lines that are not reported yet. */
static guint64 write_line(const struct logging_sink *sink,
			  const struct logging_line *line, guint64 dropped)
{
	dropped += line->dropped;
	if (dropped && report_dropped(sink, dropped))
		return dropped + !!*line->text;
	if (!*line->text)
		return 0;
	return logging_sink_write(sink, line->level, line->text) ? 1 : 0;
}

static void *run_logger(void *data)
{
	const struct logger *logger = data;
	struct logging_line line;
	guint64 dropped = 0;

	while (logging_queue_take(logger->queue, &line))
		dropped = write_line(&logger->sink, &line, dropped);
	return NULL;
}

void logging_init(struct logging *logging, GLogLevelFlags level)
{
	*logging = (struct logging){ .level = level };
	g_log_set_writer_func(write_log, logging, NULL);
}

static void free_logger(struct logger *logger)
{
	logging_sink_clear(&logger->sink);
	logging_queue_free(logger->queue);
	g_free(logger);
}

int logging_start(struct logging *logging, gboolean background)
{
	struct logger *logger = g_new0(struct logger, 1);
	int error = logging_sink_init(&logger->sink, background);

	if (error) {
		g_free(logger);
		return error;
	}
	logger->queue = logging_queue_new();
	error = thread_start(&logger->thread, run_logger, logger);
	if (error)
		free_logger(logger);
	else
		logging->logger = logger;
	return error;
}

void logging_stop(struct logging *logging)
{
	struct logger *logger = logging->logger;
	gboolean written;

	if (!logger)
		return;
	written = logging_queue_flush(logger->queue, VMCFS_LOG_FLUSH_MS);
	logging_queue_close(logger->queue);
	if (!written)
		return;
	pthread_join(logger->thread, NULL);
	logging->logger = NULL;
	free_logger(logger);
}

const char *logging_level_word(const struct logging *logging)
{
	return logging_level_of(logging->level)->word;
}

gboolean logging_parse_level(const char *word, GLogLevelFlags *level)
{
	for (gsize i = 0; i < LOGGING_LEVELS; i++) {
		if (g_str_equal(logging_levels[i].word, word)) {
			*level = logging_levels[i].level;
			return TRUE;
		}
	}
	return FALSE;
}
