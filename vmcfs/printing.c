// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Printing: writes the lines of g_print() and g_printerr() to standard output and
 * standard error. It writes no line of the log, see logging.c.
 *
 * The handlers of GLib replace characters that the locale does not have.
 */
#include "printing.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "defaults.h"

#define PREFIX "vmcfs: "
#define PRINT_ERROR "<3>"

static void print(const char *text)
{
	fputs(text, stdout);
}

/*
 * A mount may exist that is not served before the sentence is printed, so it is
 * dropped if its reader makes no room.
 */
static void print_bounded(const char *text)
{
	struct pollfd output = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&output, 1, VMCFS_PRINT_MS))
		fputs(text, stderr);
}

static gsize priority_length(const char *text)
{
	return *text == '<' ? strlen(PRINT_ERROR) : 0;
}

static void print_error(const char *text)
{
	print_bounded(text + priority_length(text));
}

/* fusermount3 may print several lines. */
static void print_to_journal(const char *text)
{
	gsize length = priority_length(text);
	const char *priority = length ? text : PRINT_ERROR;
	g_auto(GStrv) lines = g_strsplit(text + length, "\n", -1);
	g_autoptr(GString) all = g_string_new(NULL);

	for (char **line = lines; *line; line++) {
		const char *own = *line;

		if (!*own)
			continue;
		if (g_str_has_prefix(own, PREFIX))
			own += strlen(PREFIX);
		g_string_append_len(all, priority, strlen(PRINT_ERROR));
		g_string_append_printf(all, "%s\n", own);
	}
	print_bounded(all->str);
}

void printing_init(void)
{
	g_set_print_handler(print);
	g_set_printerr_handler(g_log_writer_is_journald(STDERR_FILENO) ?
				       print_to_journal :
				       print_error);
}
