// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Status file: finds values in the text of a status file, and converts the
 * text to JSON. It reads no file.
 *
 * A line is "key: value". A text is quoted as in JSON; other values consist of
 * letters, digits and a few signs.
 */
#include "vmcctl.h"

#include <string.h>

#define SEPARATOR ": "

char *status_value(const char *text, const char *key)
{
	g_autofree char *start = g_strconcat(key, SEPARATOR, NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		if (g_str_has_prefix(lines[i], start))
			return g_strdup(lines[i] + strlen(start));
	}
	return NULL;
}

/* Removes the quotes, and the backslash of \" and \\, in place. */
static void unquote(char *value)
{
	char *end = value;

	for (const char *at = value + 1; *at && *at != '"'; at++) {
		if (at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		*end++ = *at;
	}
	*end = '\0';
}

char *status_words(const char *text, const char *key)
{
	char *value = status_value(text, key);

	if (!value)
		return g_strdup("");
	if (*value == '"')
		unquote(value);
	return value;
}

/* JSON has no leading zeros. */
static gboolean is_json_number(const char *value)
{
	gsize len = strlen(value);

	return len && strspn(value, "0123456789") == len &&
	       (len == 1 || *value != '0');
}

static void add_member(GString *json, const char *key, gsize key_len,
		       const char *value)
{
	gboolean raw = *value == '"' || is_json_number(value);

	g_string_append_printf(json, "\"%.*s\": %s%s%s", (int)key_len, key,
			       raw ? "" : "\"", value, raw ? "" : "\"");
}

void status_add_json(GString *json, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const char *comma = "";

	g_string_append_c(json, '{');
	for (guint i = 0; lines[i]; i++) {
		const char *end = strstr(lines[i], SEPARATOR);

		if (!end)
			continue;
		g_string_append(json, comma);
		add_member(json, lines[i], (gsize)(end - lines[i]),
			   end + strlen(SEPARATOR));
		comma = ", ";
	}
	g_string_append_c(json, '}');
}
