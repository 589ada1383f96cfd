// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A GLib log writer with a level.
 */
#include "logging.h"

#include <syslog.h>
#include <unistd.h>

static const struct level {
	const char *word;
	GLogLevelFlags level;
	int priority;
} levels[] = {
	{ "error", G_LOG_LEVEL_CRITICAL, LOG_ERR },
	{ "warning", G_LOG_LEVEL_WARNING, LOG_WARNING },
	{ "message", G_LOG_LEVEL_MESSAGE, LOG_NOTICE },
	{ "info", G_LOG_LEVEL_INFO, LOG_INFO },
	{ "debug", G_LOG_LEVEL_DEBUG, LOG_DEBUG },
};

/* What GLib calls an error, and ends the process with, counts as the first. */
static const struct level *find_level(GLogLevelFlags level)
{
	for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (levels[i].level == (level & G_LOG_LEVEL_MASK))
			return &levels[i];
	}
	return &levels[0];
}

static const char *message_of(const GLogField *fields, gsize n_fields)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (g_str_equal(fields[i].key, "MESSAGE"))
			return fields[i].value;
	}
	return "";
}

/* GLib gives the graver level the lower number. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
				  gsize n_fields, gpointer data)
{
	const struct logging *logging = data;
	const struct level *known = find_level(level);
	const char *message = message_of(fields, n_fields);

	if ((level & G_LOG_LEVEL_MASK) > logging->level)
		return G_LOG_WRITER_HANDLED;
	if (logging->detached)
		syslog(LOG_DAEMON | known->priority, "%s", message);
	else if (g_log_writer_is_journald(STDERR_FILENO))
		return g_log_writer_journald(level, fields, n_fields, NULL);
	else
		g_printerr("vmcfs: %s: %s\n", known->word, message);
	return G_LOG_WRITER_HANDLED;
}

void logging_init(struct logging *logging, GLogLevelFlags level)
{
	*logging = (struct logging){ .level = level };
	g_log_set_writer_func(write_log, logging, NULL);
}

const char *logging_level_word(const struct logging *logging)
{
	return find_level(logging->level)->word;
}

gboolean logging_parse_level(const char *word, GLogLevelFlags *level)
{
	for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (g_str_equal(levels[i].word, word)) {
			*level = levels[i].level;
			return TRUE;
		}
	}
	return FALSE;
}
