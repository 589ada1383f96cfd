// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follow: prints the lines that are added to the file log of an index, or, if
 * the mount has no such file, lines of the same form for the messages of a
 * channel. It opens no session.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG "log"

/* Return: 0 at the end of the file or after @left bytes, or an exit status. */
static int copy(const struct ctl_tree *tree, int index, int descriptor,
		guint64 left, gboolean print)
{
	char part[4096];
	gssize len;

	while ((len = read(descriptor, part, MIN(left, sizeof(part)))) > 0) {
		int status = print ? output(part, (gsize)len) : 0;

		if (status)
			return status;
		left -= (guint64)len;
	}
	return len < 0 ? failure_report(tree, index, -errno, "read " LOG) : 0;
}

/*
 * Reads the present lines and does not print them: a gap line counts the lines
 * that this descriptor has not read, and a seek reads none.
 */
static int skip_present(const struct ctl_tree *tree, int index, int descriptor)
{
	struct stat file;

	if (fstat(descriptor, &file))
		return failure_report(tree, index, -errno, "read " LOG);
	return copy(tree, index, descriptor, (guint64)file.st_size, FALSE);
}

/* Prints a file until it no longer grows and was read to its end. */
static int follow_file(const struct ctl_tree *tree, int index, int descriptor)
{
	short events = 0;

	for (;;) {
		int status = copy(tree, index, descriptor, G_MAXUINT64, TRUE);

		if (status || events & POLLHUP)
			return status;
		events = POLLPRI;
		status = wait_for(descriptor, G_MAXINT64, &events);
		if (status)
			return status;
	}
}

/* Return: the inode number, which a held file shares with no other; 0: none. */
static guint64 ino_of(int descriptor)
{
	struct stat file;

	return descriptor < 0 || fstat(descriptor, &file) ? 0 : file.st_ino;
}

static void close_file(int descriptor)
{
	if (descriptor >= 0)
		close(descriptor);
}

static int open_error(int current, int previous, int again)
{
	if (current < 0)
		return current;
	if (previous < 0 && previous != -ENOENT)
		return previous;
	return MIN(again, 0);
}

/*
 * Opens the files that have the names at one time: log is the same before and
 * after log.1 is opened. Return: 0 or a negative errno.
 */
static int open_both(const struct ctl_tree *tree, int index, int *current,
		     int *previous)
{
	gboolean is_same;
	int error;

	do {
		int again;

		*current = tree_open_file(tree, index, LOG, O_RDONLY);
		*previous = tree_open_file(tree, index, LOG ".1", O_RDONLY);
		again = tree_open_file(tree, index, LOG, O_RDONLY);
		error = open_error(*current, *previous, again);
		is_same = ino_of(again) == ino_of(*current);
		close_file(again);
		if (!error && is_same)
			break;
		close_file(*current);
		close_file(*previous);
	} while (!error);
	return error;
}

/*
 * Replaces a file that was read to its end by the one after it: log.1 if more
 * than one rotation has occurred, whose lines no gap counts, otherwise log. The
 * old file is open until then, so that no other one gets its inode number.
 */
static int open_next(const struct ctl_tree *tree, int index, int *descriptor)
{
	int current, previous;
	int error = open_both(tree, index, &current, &previous);

	if (error)
		return failure_report(tree, index, error, "open " LOG);
	if (previous >= 0 && ino_of(previous) != ino_of(*descriptor)) {
		close(current);
		current = previous;
	} else {
		close_file(previous);
	}
	close(*descriptor);
	*descriptor = current;
	return 0;
}

/* Closes the descriptor. */
static int follow_log(const struct ctl_tree *tree, int index, int descriptor)
{
	int status = skip_present(tree, index, descriptor);

	while (!status) {
		status = follow_file(tree, index, descriptor);
		if (!status)
			status = open_next(tree, index, &descriptor);
	}
	close(descriptor);
	return status;
}

static void add_time(GString *line, gint64 realtime_us)
{
	time_t whole = (time_t)(realtime_us / G_USEC_PER_SEC);
	char text[sizeof("YYYY-MM-DDTHH:MM:SS")];
	struct tm parts;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S",
		 gmtime_r(&whole, &parts));
	g_string_append_printf(line, "%s.%06dZ", text,
			       (int)(realtime_us % G_USEC_PER_SEC));
}

/* The escapes of the file log. */
static void add_escaped(GString *line, const guint8 *data, gsize len)
{
	static const char escaped[] = "\"\\\n\r\t";
	static const char letters[] = "\"\\nrt";

	g_string_append_c(line, '"');
	for (gsize i = 0; i < len; i++) {
		const char *found = data[i] ? strchr(escaped, data[i]) : NULL;

		if (found)
			g_string_append_printf(line, "\\%c",
					       letters[found - escaped]);
		else if (g_ascii_isprint((char)data[i]))
			g_string_append_c(line, (char)data[i]);
		else
			g_string_append_printf(line, "\\x%02x", data[i]);
	}
	g_string_append(line, "\"\n");
}

static int follow_channel(struct ctl_channel *channel)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (guint64 number = 1;; number++) {
		gsize len;
		int status = channel_receive(channel, &len);

		if (status)
			return status;
		g_string_truncate(line, 0);
		add_time(line, g_get_real_time());
		g_string_append_printf(line,
				       " received %" G_GUINT64_FORMAT
				       " %" G_GSIZE_FORMAT " ",
				       number, len);
		add_escaped(line, channel->buffer, len);
		status = output(line->str, line->len);
		if (status)
			return status;
	}
}

int command_follow(const struct ctl_tree *tree, const struct ctl_call *call)
{
	int descriptor = tree_open_file(tree, call->index, LOG, O_RDONLY);
	struct ctl_channel channel;
	int status;

	if (descriptor >= 0)
		return follow_log(tree, call->index, descriptor);
	if (descriptor != -ENOENT)
		return failure_report(tree, call->index, descriptor,
				      "open " LOG);
	status = channel_open(&channel, tree, call);
	if (status)
		return status;
	status = follow_channel(&channel);
	channel_close(&channel);
	return status;
}
