// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Main: the table of commands, and the call of the chosen one. It parses no
 * argument.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sysexits.h>

static const struct ctl_command commands[] = {
	{ "open", "INDEX ID", "open a session with this HMC ID", command_open,
	  2, 2, "m", FALSE },
	{ "close", "INDEX", "send what is queued, end the session",
	  command_close, 1, 1, "m", FALSE },
	{ "send", "INDEX [TEXT]", "send TEXT, or stdin, as one message",
	  command_send, 1, 2, "m", FALSE },
	{ "receive", "INDEX -t SECONDS [-n COUNT]",
	  "wait for messages and print them", command_receive, 1, 1, "mtn",
	  TRUE },
	{ "request", "INDEX -t SECONDS [TEXT]",
	  "send a message, print the next one", command_request, 1, 2, "mt",
	  TRUE },
	{ "follow", "INDEX", "print each message with its time", command_follow,
	  1, 1, "m", FALSE },
	{ "status", "[INDEX] [--json]", "print state, counters, last error",
	  command_status, 0, 1, "mj", FALSE },
	{ "list", "", "print indices, states and HMC IDs", command_list, 0, 0,
	  "m", FALSE },
	{ 0 },
};

/*
 * A file of the tree must not become standard input or output: a received
 * message would be sent. As in other programs, a use of the one that was
 * closed fails with EBADF.
 */
static gboolean fill_standard_descriptors(void)
{
	for (int descriptor = 0; descriptor <= 2; descriptor++) {
		if (fcntl(descriptor, F_GETFD) < 0 &&
		    open("/dev/null", descriptor ? O_RDONLY : O_WRONLY) < 0)
			return FALSE;
	}
	return TRUE;
}

static int inform(gboolean help)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (help)
		usage_add(text, commands);
	else
		g_string_append(text, "vmcctl " VMCFS_VERSION "\n");
	return output(text->str, text->len);
}

static int run(const struct ctl_call *call)
{
	struct ctl_tree tree;
	int status = tree_open(call->mount, &tree);

	if (status)
		return status;
	status = call->command->run(&tree, call);
	tree_close(&tree);
	return status;
}

int main(int argc, char **argv)
{
	struct ctl_call call;
	int status;

	if (!fill_standard_descriptors())
		return EX_OSERR;
	status = command_line_parse(argc, argv, commands, &call);
	if (status)
		return status;
	if (!call.command)
		return inform(call.help);
	return call.command->timed ? limit_run(&call, run) : run(&call);
}
