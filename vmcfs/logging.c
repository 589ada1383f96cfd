// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging: a log writer that queues lines, and the thread that writes them. The
 * serving thread never writes; lines that it cannot queue are counted.
 */
#include "logging.h"

#include <errno.h>

#include "defaults.h"
#include "logging-limit.h"
#include "logging-queue.h"
#include "logging-sink.h"
#include "notice.h"
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

static gconstpointer find_field(const GLogField *fields, gsize n_fields,
				const char *key)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (g_str_equal(fields[i].key, key))
			return fields[i].value;
	}
	return NULL;
}

/* Callers of a tree would wait for the reader. Return: FALSE if not written. */
static gboolean write_directly(GLogLevelFlags level, const char *text)
{
	struct logging_line line = { .level = level };
	struct logging_sink sink;
	int error;

	g_strlcpy(line.text, text, sizeof(line.text));
	error = logging_sink_init(&sink, FALSE, FALSE);
	if (!error)
		error = logging_sink_write(&sink, &line);
	logging_sink_clear(&sink);
	return !error;
}

/*
 * In GLib, more severe levels have lower numbers. A user who may change the level
 * must not hide the change.
 */
static gboolean is_wanted(const struct logging *logging, GLogLevelFlags level,
			  const struct notice *notice)
{
	return (level & G_LOG_LEVEL_MASK) <= logging->level ||
	       (notice && notice->kind == NOTICE_LEVEL);
}

/* A fatal line aborts. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
				  gsize n_fields, gpointer data)
{
	const struct logging *logging = data;
	const char *message = find_field(fields, n_fields, "MESSAGE");
	const struct notice *notice =
		find_field(fields, n_fields, NOTICE_FIELD);

	if (!logging->queue || !is_wanted(logging, level, notice))
		return G_LOG_WRITER_HANDLED;
	if (!message)
		message = "";
	if (logging->logger || notice || !write_directly(level, message))
		logging_queue_push(logging->queue, level, notice, message);
	if (logging->logger && level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR))
		logging_queue_flush(logging->queue, VMCFS_LOG_FLUSH_MS);
	return G_LOG_WRITER_HANDLED;
}

static int report_dropped(const struct logging_sink *sink, guint64 count)
{
	struct logging_line line = {
		.level = notice_table[NOTICE_LINES_DROPPED].level,
		.has_notice = TRUE,
		.notice = { .kind = NOTICE_LINES_DROPPED,
			    .hmc = NOTICE_NO_HMC },
	};

	g_snprintf(line.text, sizeof(line.text),
		   "%" G_GUINT64_FORMAT " log line%s dropped", count,
		   count == 1 ? " was" : "s were");
	return logging_sink_write(sink, &line);
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
	return logging_sink_write(sink, line) ? 1 : 0;
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
	struct logging_limit *limit = logging_limit_new(
		VMCFS_NOTICE_BURST, VMCFS_NOTICE_INTERVAL_S * G_USEC_PER_SEC);

	*logging = (struct logging){
		.level = level,
		.queue = logging_queue_new(limit),
	};
	g_log_set_writer_func(write_log, logging, NULL);
}

int logging_start(struct logging *logging, gboolean background)
{
	struct logger *logger = g_new0(struct logger, 1);
	int error = logging_sink_init(&logger->sink, background, TRUE);

	logger->queue = logging->queue;
	if (!error)
		error = thread_start(&logger->thread, run_logger, logger);
	if (!error) {
		logging->logger = logger;
		return 0;
	}
	logging_sink_clear(&logger->sink);
	g_free(logger);
	return error;
}

static void free_queue(struct logging *logging)
{
	logging_queue_free(logging->queue);
	logging->queue = NULL;
}

/* A daemon that never served has no life cycle to report. */
static void write_rest(struct logging_queue *queue)
{
	struct logging_sink sink;
	struct logging_line line;
	guint64 dropped = 0;

	if (!logging_sink_init(&sink, FALSE, FALSE)) {
		while (logging_queue_take(queue, &line)) {
			if (line.level != G_LOG_LEVEL_MESSAGE)
				dropped = write_line(&sink, &line, dropped);
		}
	}
	logging_sink_clear(&sink);
}

void logging_stop(struct logging *logging)
{
	struct logger *logger = logging->logger;

	logging_queue_close(logging->queue);
	if (!logger) {
		write_rest(logging->queue);
		free_queue(logging);
	} else if (logging_queue_flush(logging->queue, VMCFS_LOG_FLUSH_MS)) {
		pthread_join(logger->thread, NULL);
		logging->logger = NULL;
		logging_sink_clear(&logger->sink);
		g_free(logger);
		free_queue(logging);
	}
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
