/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turning values into the text of status files, and text into values. Pure
 * functions; what a value means is its owner's affair.
 */
#ifndef VMCFS_TEXT_H
#define VMCFS_TEXT_H

#include <glib.h>

/**
 * text_add_quoted() - append bytes as a JSON string, quotes included
 * @text: grows
 * @data: @len bytes of anything; what is not printable ASCII is escaped
 * @len: in bytes
 */
void text_add_quoted(GString *text, gconstpointer data, gsize len);

/**
 * text_add_time() - append a time as YYYY-MM-DDTHH:MM:SSZ
 * @text: grows
 * @realtime_us: wall clock in microseconds; 0 gives "never"
 */
void text_add_time(GString *text, gint64 realtime_us);

/**
 * text_add_columns() - append a name and its explanation in two columns
 * @text: grows by lines of at most 80 columns
 * @name: first column; if it is long, the explanation begins in the next line
 * @help: words, broken into lines at spaces
 */
void text_add_columns(GString *text, const char *name, const char *help);

/**
 * text_parse_size() - read a number of bytes with an optional K, M or G
 * @text: NUL terminated
 * @value: set on success
 *
 * Return: FALSE if it is no such number or does not fit.
 */
gboolean text_parse_size(const char *text, guint64 *value);

/**
 * text_parse_time() - read a time: seconds, or a number with "ms" or "s"
 * @text: NUL terminated
 * @ms: set on success
 *
 * Return: FALSE if it is no such time or does not fit.
 */
gboolean text_parse_time(const char *text, guint *ms);

/**
 * text_parse_number() - read a decimal number that is nothing else
 * @text: NUL terminated
 * @min: least value allowed
 * @max: greatest value allowed
 * @value: set on success
 */
gboolean text_parse_number(const char *text, guint64 min, guint64 max,
			   guint64 *value);

#endif
