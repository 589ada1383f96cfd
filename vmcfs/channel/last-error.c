// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeping one sentence. It is also logged, at the level for news of the
 * service.
 */
#include "last-error.h"

#include <string.h>

#include "../errors.h"
#include "../text.h"

int last_error_set(struct last_error *last, int error, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);

	g_free(last->sentence);
	last->sentence = g_strdup_printf("%s: %s", error_name(error), words);
	last->time = g_get_real_time();
	g_info("%s", last->sentence);
	return error;
}

int last_error_add(struct last_error *last, int error, const char *before,
		   const char *after)
{
	g_autofree char *name = g_strconcat(error_name(error), ": ", NULL);
	g_autofree char *words =
		last->sentence && g_str_has_prefix(last->sentence, name) ?
			g_strdup(last->sentence + strlen(name)) :
			g_strdup(error_meaning(error));

	return last_error_set(last, error, "%s%s%s", before, words, after);
}

void last_error_clear(struct last_error *last)
{
	g_clear_pointer(&last->sentence, g_free);
}

void last_error_print(const struct last_error *last, GString *text)
{
	const char *sentence = last->sentence ? last->sentence : "";

	g_string_append(text, "last_error: ");
	text_add_quoted(text, sentence, strlen(sentence));
	g_string_append(text, "\nlast_error_time: ");
	text_add_time(text, last->time);
	g_string_append_c(text, '\n');
}
