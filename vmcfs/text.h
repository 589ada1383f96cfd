/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text: formats values for status files and --help, parses numbers, sizes and
 * times, and finds the name that a mistyped one is most like. Its functions are
 * pure and do not know the meaning of a value.
 */
#ifndef VMCFS_TEXT_H
#define VMCFS_TEXT_H

#include <glib.h>

/**
 * text_add_quoted() - append bytes as a JSON string, quotes included
 * @text: string to append to
 * @data: @len bytes; those that are not printable ASCII are escaped
 * @len: length in bytes
 */
void text_add_quoted(GString *text, gconstpointer data, gsize len);

/**
 * text_add_number() - append a decimal number, without an allocation of its own
 * @text: string to append to
 * @value: any number
 */
void text_add_number(GString *text, guint64 value);

/**
 * text_add_time() - append a time as YYYY-MM-DDTHH:MM:SSZ
 * @text: string to append to
 * @realtime_us: wall clock in microseconds; 0 is written as "never"
 */
void text_add_time(GString *text, gint64 realtime_us);

/**
 * text_add_time_us() - append a time as YYYY-MM-DDTHH:MM:SS.UUUUUUZ
 * @text: string to append to
 * @realtime_us: wall clock in microseconds; a time before 1970 or after 9999 is
 *	written as the nearest time between
 */
void text_add_time_us(GString *text, gint64 realtime_us);

/**
 * text_add_columns() - append a name and its explanation in two columns
 * @text: string to append to, in lines of at most 80 columns
 * @name: first column; after a long one the explanation begins in the next line
 * @help: explanation, broken into lines at spaces
 */
void text_add_columns(GString *text, const char *name, const char *help);

/**
 * text_parse_size() - parse a number of bytes with an optional K, M or G
 * @text: NUL terminated
 * @value: set on success
 *
 * Return: FALSE if the text has another form, or the number exceeds 64 bits.
 */
gboolean text_parse_size(const char *text, guint64 *value);

/**
 * text_parse_time() - parse a time: seconds, or a number with "ms" or "s"
 * @text: NUL terminated
 * @ms: set on success
 *
 * Return: FALSE if the text has another form, or the time exceeds 32 bits of
 * milliseconds.
 */
gboolean text_parse_time(const char *text, guint *ms);

/**
 * text_parse_number() - parse a decimal number without any other characters
 * @text: NUL terminated
 * @min: least value allowed
 * @max: greatest value allowed
 * @value: set on success
 *
 * Return: FALSE if the text has another form, or the number is out of range.
 */
gboolean text_parse_number(const char *text, guint64 min, guint64 max,
			   guint64 *value);

/**
 * text_nearest() - find the candidate that is most like a mistyped name
 * @name: name as typed
 * @candidates: names, NULL-terminated; a "=" at the end is not compared, and
 *	a prefix that ends with a dot may be missing in @name
 *
 * The distance is the number of inserted, removed, replaced and exchanged
 * letters, without regard to case. Of equally near ones the first is returned.
 *
 * Return: an element of @candidates; NULL if each differs in more than one
 * letter and in a third of its letters or more, and @name is not its start or
 * end of at least VMCFS_NEAREST_MIN_PART letters; or if @name is longer than
 * VMCFS_NEAREST_MAX.
 */
const char *text_nearest(const char *name, const char *const *candidates);

#endif
