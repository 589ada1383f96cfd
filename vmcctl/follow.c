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
#include <time.h>
#include <unistd.h>

#define LOG "log"

/* Return: 0 at the end of the file, or an exit status. */
static int copy(const struct ctl_tree *tree, int index, int descriptor,
		gboolean print)
{
	char part[4096];
	gssize len;

	while ((len = read(descriptor, part, sizeof(part))) > 0) {
		int status = print ? output(part, (gsize)len) : 0;

		if (status)
			return status;
	}
	return len < 0 ? failure_report(tree, index, -errno, "read " LOG) : 0;
}

/* Prints a file until it no longer grows: then another one has its name. */
static int follow_file(const struct ctl_tree *tree, int index, int descriptor)
{
	for (;;) {
		short events = POLLPRI;
		int status = copy(tree, index, descriptor, TRUE);

		if (!status)
			status = wait_for(descriptor, G_MAXINT64, &events);
		if (status || events & POLLHUP)
			return status;
	}
}

/*
 * Closes the descriptor. The present lines are read and not printed: a gap
 * line counts the lines that this descriptor has not read, and a seek reads
 * none.
 */
static int follow_log(const struct ctl_tree *tree, int index, int descriptor)
{
	int status = copy(tree, index, descriptor, FALSE);

	while (!status) {
		status = follow_file(tree, index, descriptor);
		if (status)
			break;
		close(descriptor);
		descriptor = tree_open_file(tree, index, LOG, O_RDONLY);
		if (descriptor < 0)
			return failure_report(tree, index, descriptor,
					      "open " LOG);
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
