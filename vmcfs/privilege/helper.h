/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Helper: the child process that keeps what the daemon gives up. It answers a
 * fixed set of requests without parameters, and ends when the daemon does. What
 * a request does is up to the table that it is given.
 */
#ifndef VMCFS_HELPER_H
#define VMCFS_HELPER_H

#include <glib.h>

enum helper_verb {
	HELPER_MOUNT, /* the answer has the connection */
	HELPER_UNMOUNT,
	HELPER_OPEN_NODE, /* the answer has the open file */
	HELPER_REQUEST_VMC,
	HELPER_VERBS
};

/**
 * struct helper_request - a message from the daemon
 * @verb: enum helper_verb
 * @serial: returned in the answer
 */
struct helper_request {
	guint32 verb;
	guint32 serial;
};

/**
 * struct helper_answer - a message to the daemon
 * @serial: from the request
 * @error: 0 or a negative errno
 *
 * A descriptor may come with it.
 */
struct helper_answer {
	guint32 serial;
	gint32 error;
};

/**
 * struct helper_action - what a verb does
 * @run: returns 0 or a negative errno; sets @fd to a descriptor for the answer,
 *	which is closed afterwards, or leaves it at -1
 * @slow: it may sleep for minutes, so a child of the helper runs it. Only one
 *	of them runs at a time, and it has no descriptor to return.
 */
struct helper_action {
	int (*run)(void *data, int *fd);
	gboolean slow;
};

/**
 * struct helper_table - all actions
 * @actions: one for each verb; without @run it is refused with -EOPNOTSUPP
 * @descriptor: the only one that the actions need besides 0, 1 and 2, or -1
 * @ended: called when the daemon has ended, by whatever
 * @data: passed to all of them
 */
struct helper_table {
	struct helper_action actions[HELPER_VERBS];
	int descriptor;
	void (*ended)(void *data);
	void *data;
};

/**
 * helper_run() - answer requests until the daemon has ended, then exit
 * @socket: SOCK_SEQPACKET, connected to the daemon
 * @table: of actions
 */
G_NORETURN void helper_run(int socket, const struct helper_table *table);

#endif
