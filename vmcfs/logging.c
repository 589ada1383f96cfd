// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A GLib log writer with a level.
 */
#include "logging.h"

#include <unistd.h>

static const struct {
	const char *word;
	GLogLevelFlags level;
} levels[] = {
	{ "error", G_LOG_LEVEL_CRITICAL },
	{ "warning", G_LOG_LEVEL_WARNING },
	{ "message", G_LOG_LEVEL_MESSAGE },
	{ "info", G_LOG_LEVEL_INFO },
	{ "debug", G_LOG_LEVEL_DEBUG },
};

/* GLib gives the graver level the lower number. */
static GLogWriterOutput write_log(GLogLevelFlags level,
				  const GLogField *fields, gsize n_fields,
				  gpointer data)
{
	const struct logging *logging = data;
	g_autofree char *line = NULL;

	if ((level & G_LOG_LEVEL_MASK) > logging->level)
		return G_LOG_WRITER_HANDLED;
	if (g_log_writer_is_journald(STDERR_FILENO))
		return g_log_writer_journald(level, fields, n_fields, NULL);
	line = g_log_writer_format_fields(level, fields, n_fields, FALSE);
	g_printerr("%s\n", line);
	return G_LOG_WRITER_HANDLED;
}

void logging_init(struct logging *logging, GLogLevelFlags level)
{
	logging->level = level;
	g_log_set_writer_func(write_log, logging, NULL);
}

const char *logging_level_word(const struct logging *logging)
{
	for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (levels[i].level == logging->level)
			return levels[i].word;
	}
	return levels[0].word;
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
