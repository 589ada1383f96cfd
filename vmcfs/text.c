// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text: formats and parses values, and compares names. It keeps no state and
 * does not know the meaning of a value.
 */
#include "text.h"

#include <string.h>

#include "defaults.h"

/* First column of an explanation, and the width of a line. */
#define COLUMN 24
#define COLUMN_END 80

/* The first of January 1970 as GDate counts days. */
#define UNIX_DAY 719163

#define DAY_S (24 * 60 * 60)
#define YEAR_10000_S G_GINT64_CONSTANT(253402300800)

void text_add_quoted(GString *text, gconstpointer data, gsize len)
{
	const guint8 *bytes = data;

	g_string_append_c(text, '"');
	for (gsize i = 0; i < len; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			g_string_append_printf(text, "\\%c", bytes[i]);
		else if (g_ascii_isprint((gchar)bytes[i]))
			g_string_append_c(text, (gchar)bytes[i]);
		else
			g_string_append_printf(text, "\\u%04x", bytes[i]);
	}
	g_string_append_c(text, '"');
}

void text_add_number(GString *text, guint64 value)
{
	char digits[20];
	gsize first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	g_string_append_len(text, digits + first,
			    (gssize)(sizeof(digits) - first));
}

static void add_digits(GString *text, guint value, guint count)
{
	gsize end = text->len + count;

	g_string_set_size(text, end);
	for (guint i = 1; i <= count; i++) {
		text->str[end - i] = (char)('0' + value % 10);
		value /= 10;
	}
}

static void add_field(GString *text, char separator, guint value)
{
	g_string_append_c(text, separator);
	add_digits(text, value, 2);
}

/* A GDateTime would be allocated, and gmtime_r(3) reads files of the system. */
static void add_seconds(GString *text, gint64 seconds)
{
	guint second = (guint)(seconds % DAY_S);
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, UNIX_DAY + (guint32)(seconds / DAY_S));
	add_digits(text, g_date_get_year(&date), 4);
	add_field(text, '-', (guint)g_date_get_month(&date));
	add_field(text, '-', g_date_get_day(&date));
	add_field(text, 'T', second / 3600);
	add_field(text, ':', second / 60 % 60);
	add_field(text, ':', second % 60);
}

void text_add_time(GString *text, gint64 realtime_us)
{
	gint64 seconds = realtime_us / G_USEC_PER_SEC;

	if (realtime_us <= 0 || seconds >= YEAR_10000_S) {
		g_string_append(text, "never");
		return;
	}
	add_seconds(text, seconds);
	g_string_append_c(text, 'Z');
}

void text_add_time_us(GString *text, gint64 realtime_us)
{
	gint64 us = CLAMP(realtime_us, 0, YEAR_10000_S * G_USEC_PER_SEC - 1);

	add_seconds(text, us / G_USEC_PER_SEC);
	g_string_append_c(text, '.');
	add_digits(text, (guint)(us % G_USEC_PER_SEC), 6);
	g_string_append_c(text, 'Z');
}

void text_add_columns(GString *text, const char *name, const char *help)
{
	g_auto(GStrv) words = g_strsplit(help, " ", -1);
	gsize column = 2 + strlen(name);

	g_string_append_printf(text, "  %s", name);
	if (column >= COLUMN)
		column = COLUMN_END;
	for (guint i = 0; words[i]; i++) {
		if (column + 1 + strlen(words[i]) > COLUMN_END) {
			g_string_append_c(text, '\n');
			column = 0;
		}
		while (column < COLUMN - 1) {
			g_string_append_c(text, ' ');
			column++;
		}
		g_string_append_printf(text, " %s", words[i]);
		column += 1 + strlen(words[i]);
	}
	g_string_append_c(text, '\n');
}

gboolean text_parse_number(const char *text, guint64 min, guint64 max,
			   guint64 *value)
{
	return g_ascii_string_to_unsigned(text, 10, min, max, value, NULL);
}

/* Parses a number with one of several suffixes, each with its factor. */
static gboolean parse_scaled(const char *text, const char *const *suffixes,
			     const guint64 *factors, guint64 *value)
{
	gsize digits = 0;
	g_autofree char *number = NULL;

	while (g_ascii_isdigit(text[digits]))
		digits++;
	number = g_strndup(text, digits);
	for (gsize i = 0; suffixes[i]; i++) {
		guint64 unscaled;

		if (g_ascii_strcasecmp(text + digits, suffixes[i]))
			continue;
		return text_parse_number(number, 0, G_MAXUINT64, &unscaled) &&
		       g_uint64_checked_mul(value, unscaled, factors[i]);
	}
	return FALSE;
}

gboolean text_parse_size(const char *text, guint64 *value)
{
	static const char *const suffixes[] = { "", "K", "M", "G", NULL };
	static const guint64 factors[] = { 1, KIB, MIB, GIB };

	return parse_scaled(text, suffixes, factors, value);
}

gboolean text_parse_time(const char *text, guint *ms)
{
	static const char *const suffixes[] = { "", "s", "ms", NULL };
	static const guint64 factors[] = { 1000, 1000, 1 };
	guint64 value;

	if (!parse_scaled(text, suffixes, factors, &value) || value > G_MAXUINT)
		return FALSE;
	*ms = (guint)value;
	return TRUE;
}

static guint least(guint a, guint b, guint c)
{
	return MIN(MIN(a, b), c);
}

/* Return: TRUE if the last two letters before the ends are exchanged. */
static gboolean are_exchanged(const char *one, const char *other)
{
	return g_ascii_tolower(one[0]) == g_ascii_tolower(other[-1]) &&
	       g_ascii_tolower(one[-1]) == g_ascii_tolower(other[0]);
}

/*
 * The optimal string alignment distance. Row i of the table is for the first i
 * letters of @one; only three rows are needed.
 */
static guint distance(const char *one, gsize one_len, const char *other,
		      gsize other_len)
{
	guint rows[3][VMCFS_NEAREST_MAX + 1];

	for (guint j = 0; j <= other_len; j++)
		rows[0][j] = j;
	for (guint i = 1; i <= one_len; i++) {
		guint *row = rows[i % 3];
		const guint *previous = rows[(i - 1) % 3];

		row[0] = i;
		for (guint j = 1; j <= other_len; j++) {
			guint same = g_ascii_tolower(one[i - 1]) ==
				     g_ascii_tolower(other[j - 1]);

			row[j] = least(previous[j] + 1, row[j - 1] + 1,
				       previous[j - 1] + !same);
			if (i > 1 && j > 1 &&
			    are_exchanged(&one[i - 1], &other[j - 1]))
				row[j] = MIN(row[j],
					     rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[one_len % 3][other_len];
}

/* Return: TRUE if @name is the start or the end of @candidate. */
static gboolean is_part(const char *name, gsize name_len, const char *candidate,
			gsize len)
{
	return name_len >= VMCFS_NEAREST_MIN_PART && name_len <= len &&
	       (!g_ascii_strncasecmp(name, candidate, name_len) ||
		!g_ascii_strncasecmp(name, candidate + len - name_len,
				     name_len));
}

/* Return: the distance, or G_MAXUINT if the names are not alike. */
static guint unlikeness(const char *name, const char *candidate)
{
	gsize name_len = strlen(name);
	gsize len = strcspn(candidate, "=");
	guint differ;

	if (name_len > VMCFS_NEAREST_MAX || len > VMCFS_NEAREST_MAX)
		return G_MAXUINT;
	differ = distance(name, name_len, candidate, len);
	return differ <= 1 || 3 * differ < MAX(len, name_len) ||
			       is_part(name, name_len, candidate, len) ?
		       differ :
		       G_MAXUINT;
}

const char *text_nearest(const char *name, const char *const *candidates)
{
	guint nearest = G_MAXUINT;
	const char *found = NULL;

	for (; *candidates; candidates++) {
		const char *dot = strchr(*candidates, '.');
		guint differ = unlikeness(name, *candidates);

		if (dot)
			differ = MIN(differ, unlikeness(name, dot + 1));
		if (differ < nearest) {
			nearest = differ;
			found = *candidates;
		}
	}
	return found;
}
