// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors: the table of errors, the last error of an object, and the format of
 * printed errors. It decides no error, and writes no line of the log. Code,
 * documentation and tests read the table.
 */
#include "errors.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defaults.h"
#include "text.h"

#define PREFIX "vmcfs: "
#define PRINT_ERROR "<3>"

const struct error_meaning error_table[] = {
	{ EINVAL, "EINVAL", "the command is not in the grammar" },
	{ EMSGSIZE, "EMSGSIZE", "too long" },
	{ ENXIO, "ENXIO", "no session is open" },
	{ EBUSY, "EBUSY", "a session is open already, or the index is in use" },
	{ EAGAIN, "EAGAIN", "the call would block" },
	{ ETIMEDOUT, "ETIMEDOUT", "the hypervisor did not answer in time" },
	{ ECONNREFUSED, "ECONNREFUSED", "the hypervisor refused to open" },
	{ ECONNRESET, "ECONNRESET", "the session was lost while waiting" },
	{ EPIPE, "EPIPE", "messages were dropped before they were read" },
	{ ENODEV, "ENODEV", "the channel or its device is gone" },
	{ EPERM, "EPERM", "not permitted" },
	{ EACCES, "EACCES", "not allowed by the file's mode" },
	{ EROFS, "EROFS", "message.1 and log cannot be written to" },
	{ ESTALE, "ESTALE", "this part of the log was dropped" },
	{ ENOBUFS, "ENOBUFS", "too many reads and writes wait" },
	{ ENFILE, "ENFILE", "too many files of this mount are open" },
	{ EINTR, "EINTR", "a signal or the kernel ended the wait; try again" },
	{ EIO, "EIO", "the device failed" },
	{ ENOMEM, "ENOMEM", "not enough memory" },
};

const gsize error_table_len = G_N_ELEMENTS(error_table);

static const struct error_meaning *find(int error)
{
	for (gsize i = 0; i < error_table_len; i++) {
		if (error_table[i].number == abs(error))
			return &error_table[i];
	}
	return NULL;
}

const char *error_name(int error)
{
	const struct error_meaning *entry = find(error);

	return entry ? entry->name : g_strerror(abs(error));
}

const char *error_meaning(int error)
{
	const struct error_meaning *entry = find(error);

	return entry ? entry->meaning : g_strerror(abs(error));
}

static const struct {
	int number;
	const char *remedy;
} remedies[] = {
	{ EAGAIN, "; allow more processes (ulimit -u)" },
	{ EMFILE, "; allow more open files (ulimit -n)" },
	{ ENFILE, "; raise the sysctl fs.file-max" },
	{ ENOMEM, "; allow more memory (ulimit -v and -d), or free some" },
	{ ENOSYS, "; Linux 5.16 or newer is needed" },
	{ EPERM, "; start it as root" },
};

const char *error_remedy(int error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++) {
		if (remedies[i].number == abs(error))
			return remedies[i].remedy;
	}
	return "";
}

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

/* The handlers of GLib replace characters that the locale does not have. */
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

void errors_print_init(void)
{
	g_set_print_handler(print);
	g_set_printerr_handler(g_log_writer_is_journald(STDERR_FILENO) ?
				       print_to_journal :
				       print_error);
}
