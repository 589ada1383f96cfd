// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transfer: takes the message to send, sends and receives messages on a
 * channel, and writes to standard output. It opens no session.
 *
 * A channel is non-blocking, so that every wait is one poll(2) with a limit.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

static int read_mtu(const struct ctl_tree *tree, int index, gsize *mtu)
{
	g_autofree char *text = NULL;
	g_autofree char *value = NULL;
	int error = tree_read_status(tree, index, &text);

	if (error)
		return failure_report(tree, index, error, "read its status");
	value = status_words(text, "mtu_bytes");
	*mtu = (gsize)g_ascii_strtoull(value, NULL, 10);
	return 0;
}

/* Reads at most one byte more than the limit: that is too long already. */
static int read_input(gsize limit, GByteArray *data)
{
	gssize len = 1;
	gsize got = 0;

	g_byte_array_set_size(data, (guint)limit + 1);
	while (len > 0 && got <= limit) {
		len = read(STDIN_FILENO, data->data + got, limit + 1 - got);
		if (len < 0 && errno == EINTR)
			len = 1;
		else if (len > 0)
			got += (gsize)len;
	}
	if (len < 0) {
		complain("standard input cannot be read: %s", strerror(errno));
		return EX_IOERR;
	}
	g_byte_array_set_size(data, (guint)got);
	return 0;
}

/* The kernel truncates a write to RLIMIT_FSIZE. */
static gboolean allow_size(gsize len)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur >= len)
		return TRUE;
	limit.rlim_cur = limit.rlim_max;
	return limit.rlim_cur >= len && !setrlimit(RLIMIT_FSIZE, &limit);
}

static int check_message(gsize len, gsize limit)
{
	if (!len) {
		complain(
			"an empty message cannot be sent; give a TEXT, or write it to standard input");
		return EX_DATAERR;
	}
	if (len > limit) {
		complain("the message is longer than the MTU, %" G_GSIZE_FORMAT
			 " bytes; nothing was sent, send a shorter one",
			 limit);
		return EX_DATAERR;
	}
	if (!allow_size(len)) {
		complain(
			"the limit of file sizes is below the %" G_GSIZE_FORMAT
			" bytes of the message; nothing was sent, raise it with ulimit -f",
			len);
		return EX_OSERR;
	}
	return 0;
}

/* If the other process has ended, so will this one. */
static void set_deadline(struct ctl_limit *limit, gint64 deadline)
{
	limit->deadline = deadline;
	if (write(limit->watcher, &deadline, sizeof(deadline)) < 0)
		return;
}

/* The time for which standard input is read does not count. */
static int read_unlimited(struct ctl_limit *time, gsize limit, GByteArray *data)
{
	gint64 left;
	int status;

	if (!time)
		return read_input(limit, data);
	left = time->deadline - g_get_monotonic_time();
	set_deadline(time, G_MAXINT64);
	status = read_input(limit, data);
	set_deadline(time, g_get_monotonic_time() + left);
	return status;
}

int message_take(const struct ctl_tree *tree, const struct ctl_call *call,
		 GBytes **message)
{
	g_autoptr(GByteArray) data = g_byte_array_new();
	gsize limit = 0;
	int status = read_mtu(tree, call->index, &limit);

	if (status)
		return status;
	/* While there is no channel, the daemon refuses any message. */
	limit = limit ? limit : VMCCTL_BUFFER_MIN;
	if (call->text)
		g_byte_array_append(data, (const guint8 *)call->text,
				    (guint)strlen(call->text));
	else
		status = read_unlimited(call->limit, limit, data);
	if (!status)
		status = check_message(data->len, limit);
	if (!status)
		*message = g_byte_array_free_to_bytes(g_steal_pointer(&data));
	return status;
}

int channel_open(struct ctl_channel *channel, const struct ctl_tree *tree,
		 const struct ctl_call *call)
{
	int descriptor = tree_open_file(tree, call->index, "message",
					O_RDWR | O_NONBLOCK);
	gsize mtu = 0;
	int status;

	if (descriptor < 0)
		return failure_report(tree, call->index, descriptor,
				      "open the channel");
	/* The MTU remains the same during a session. */
	status = read_mtu(tree, call->index, &mtu);
	if (status) {
		close(descriptor);
		return status;
	}
	channel->tree = tree;
	channel->index = call->index;
	channel->descriptor = descriptor;
	channel->follows = !call->command->timed;
	channel->deadline = call->limit ? call->limit->deadline : G_MAXINT64;
	channel->size = MAX(mtu, VMCCTL_BUFFER_MIN);
	channel->buffer = g_malloc(channel->size);
	return 0;
}

void channel_close(struct ctl_channel *channel)
{
	close(channel->descriptor);
	g_free(channel->buffer);
}

int time_left_ms(gint64 deadline)
{
	gint64 left;

	if (deadline == G_MAXINT64)
		return -1;
	left = deadline - g_get_monotonic_time();
	return (int)CLAMP((left + 999) / 1000, 0, G_MAXINT);
}

int output_failed(int error)
{
	if (error == EPIPE)
		raise(SIGPIPE);
	complain("standard output cannot be written to: %s", strerror(error));
	return EX_IOERR;
}

int wait_for(int descriptor, gint64 deadline, short *events)
{
	struct pollfd descriptors[] = {
		{ .fd = descriptor, .events = *events },
		{ .fd = STDOUT_FILENO },
	};
	int left = time_left_ms(deadline);
	int ready = poll(descriptors, G_N_ELEMENTS(descriptors), left);

	if (ready < 0 && errno != EINTR) {
		complain("poll failed: %s", strerror(errno));
		return failure_status(errno);
	}
	*events = ready > 0 ? descriptors[0].revents : 0;
	if (ready > 0 && !*events &&
	    descriptors[1].revents & (POLLERR | POLLHUP))
		return output_failed(EPIPE);
	return ready || left ? 0 : EX_TEMPFAIL;
}

static int session_ended(const struct ctl_channel *channel)
{
	g_autofree char *text = NULL;
	g_autofree char *ended = NULL;

	if (!tree_read_status(channel->tree, channel->index, &text))
		ended = status_words(text, "ended");
	complain(
		"%s/hmc%d: the session has ended%s%s; open one with 'vmcctl open %d ID'",
		channel->tree->path, channel->index,
		ended && *ended ? ": " : "", ended ? ended : "",
		channel->index);
	return EX_NOHOST;
}

/* Return: an exit status, or -1 while the operation would wait. */
static int result_of(const struct ctl_channel *channel, gssize result,
		     const char *doing)
{
	gboolean missed;
	int status;

	if (result > 0)
		return 0;
	if (!result)
		return session_ended(channel);
	if (errno == EAGAIN || errno == EINTR)
		return -1;
	missed = errno == EPIPE;
	status = failure_report(channel->tree, channel->index, -errno, doing);
	return missed && channel->follows ? -1 : status;
}

/* Messages before a request are no replies to it. */
static void discard_messages(struct ctl_channel *channel)
{
	while (read(channel->descriptor, channel->buffer, channel->size) > 0)
		;
}

int channel_send(struct ctl_channel *channel, GBytes *message)
{
	gsize len;
	gconstpointer data = g_bytes_get_data(message, &len);

	for (;;) {
		short events = POLLOUT;
		int status;

		discard_messages(channel);
		status = result_of(channel,
				   write(channel->descriptor, data, len),
				   "send the message");
		if (status >= 0)
			return status;
		status = wait_for(channel->descriptor, channel->deadline,
				  &events);
		if (status)
			return status;
	}
}

int channel_receive(struct ctl_channel *channel, gsize *len)
{
	for (;;) {
		short events = POLLIN;
		gssize got = read(channel->descriptor, channel->buffer,
				  channel->size);
		int status = result_of(channel, got, "receive a message");

		if (!status)
			*len = (gsize)got;
		if (status >= 0)
			return status;
		status = wait_for(channel->descriptor, channel->deadline,
				  &events);
		if (status)
			return status;
	}
}

int output(gconstpointer data, gsize len)
{
	const char *at = data;

	while (len) {
		struct pollfd full = { .fd = STDOUT_FILENO, .events = POLLOUT };
		gssize written = write(STDOUT_FILENO, at, len);

		if (written > 0) {
			at += written;
			len -= (gsize)written;
		} else if (written < 0 && errno == EAGAIN) {
			poll(&full, 1, -1);
		} else if (!written || errno != EINTR) {
			return output_failed(errno);
		}
	}
	return 0;
}
