// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Message commands: send, receive, request. They open no session.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

/* The wait for room is the daemon's, which send_timeout= of the mount limits. */
static int write_message(const struct ctl_tree *tree, int index,
			 GBytes *message)
{
	int descriptor = tree_open_file(tree, index, "message", O_WRONLY);
	int error = descriptor < 0 ? descriptor : 0;
	gsize len;
	gconstpointer data = g_bytes_get_data(message, &len);

	if (!error && write(descriptor, data, len) < 0)
		error = -errno;
	if (descriptor >= 0)
		close(descriptor);
	return error ? failure_report(tree, index, error, "send the message") :
		       0;
}

int command_send(const struct ctl_tree *tree, const struct ctl_call *call)
{
	g_autoptr(GBytes) message = NULL;
	int status = message_take(tree, call, &message);

	return status ? status : write_message(tree, call->index, message);
}

static double seconds(const struct ctl_call *call)
{
	return (double)call->timeout_us / G_USEC_PER_SEC;
}

static int receive(struct ctl_channel *channel, const struct ctl_call *call)
{
	for (guint64 i = 0; i < call->count; i++) {
		gsize len;
		int status = channel_receive(channel, &len);

		if (status == EX_TEMPFAIL)
			complain("%s/hmc%d: %" G_GUINT64_FORMAT
				 " of %" G_GUINT64_FORMAT
				 " messages arrived within %g s",
				 channel->tree->path, channel->index, i,
				 call->count, seconds(call));
		if (!status)
			status = output(channel->buffer, len);
		if (status)
			return status;
	}
	return 0;
}

int command_receive(const struct ctl_tree *tree, const struct ctl_call *call)
{
	struct ctl_channel channel;
	int status = channel_open(&channel, tree, call);

	if (status)
		return status;
	status = receive(&channel, call);
	channel_close(&channel);
	return status;
}

static int exchange(struct ctl_channel *channel, const struct ctl_call *call,
		    GBytes *message)
{
	gsize len;
	int status = channel_send(channel, message);

	if (status == EX_TEMPFAIL) {
		complain(
			"%s/hmc%d: the hypervisor did not accept the request within %g s; it was not sent, try again",
			channel->tree->path, channel->index, seconds(call));
		return status;
	}
	if (status)
		return status;
	status = channel_receive(channel, &len);
	if (status == EX_TEMPFAIL)
		complain(
			"%s/hmc%d: the request was sent, and no message arrived within %g s; wait longer with -t",
			channel->tree->path, channel->index, seconds(call));
	return status ? status : output(channel->buffer, len);
}

int command_request(const struct ctl_tree *tree, const struct ctl_call *call)
{
	g_autoptr(GBytes) message = NULL;
	struct ctl_channel channel;
	int status = message_take(tree, call, &message);

	if (!status)
		status = channel_open(&channel, tree, call);
	if (status)
		return status;
	status = exchange(&channel, call, message);
	channel_close(&channel);
	return status;
}
