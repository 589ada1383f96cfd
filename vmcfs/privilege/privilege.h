/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Privilege: the helper process, which keeps the privileges that the daemon
 * drops, and the filter of system calls. It does not know the actions of the
 * helper.
 */
#ifndef VMCFS_PRIVILEGE_H
#define VMCFS_PRIVILEGE_H

#include <glib.h>

struct privilege;

/**
 * descriptor_close_others() - close all descriptors of this process except 0, 1
 * and 2
 * @kept: others to keep; -1 is allowed
 * @count: number of @kept
 */
void descriptor_close_others(const int *kept, gsize count);

enum filter_role {
	FILTER_DAEMON, /* serves requests */
	FILTER_HELPER, /* mounts, unmounts, opens the device */
};

/**
 * filter_install() - refuse all system calls that a role does not need
 * @role: role of this process
 *
 * Covers all present and later threads, and later child processes. A refused
 * call fails with EPERM and is logged by the kernel; in a build with
 * -Dseccomp_action=kill it ends the process. Needs no_new_privs.
 *
 * Return: 0; -ENOSYS: the kernel has no such filters; or another negative
 * errno.
 */
int filter_install(enum filter_role role);

enum helper_verb {
	HELPER_MOUNT, /* returns the connection */
	HELPER_UNMOUNT,
	HELPER_ANNOUNCE,  /* returns a pidfd of the announcer */
	HELPER_OPEN_NODE, /* returns the open file */
	HELPER_REQUEST_VMC,
	HELPER_VERBS
};

/**
 * struct helper_request - a message from the daemon
 * @verb: enum helper_verb
 * @serial: serial number, returned in the answer
 */
struct helper_request {
	guint32 verb;
	guint32 serial;
};

/**
 * struct helper_answer - a message to the daemon
 * @serial: serial number of the request
 * @error: 0 or a negative errno
 *
 * The message may carry a descriptor.
 */
struct helper_answer {
	guint32 serial;
	gint32 error;
};

/**
 * struct helper_action - action of a verb
 * @run: operation that returns 0 or a negative errno; it sets @fd to a
 *	descriptor for the answer, which is closed afterwards, or leaves it at
 *	-1
 * @slow: TRUE if @run may sleep for minutes, so that a child of the helper
 *	calls it. Only one slow action runs at a time, and it returns no
 *	descriptor
 */
struct helper_action {
	int (*run)(void *data, int *fd);
	gboolean slow;
};

/**
 * struct title - memory of the arguments of a process, which ps(1) shows
 * @text: its start; NULL if the arguments are not to be changed
 * @size: bytes
 */
struct title {
	char *text;
	gsize size;
};

/**
 * title_of() - find the memory of the arguments
 * @argv: argument of main(), or NULL; unchanged since the start
 *
 * Return: the memory, which a child of this process has at the same address.
 */
struct title title_of(char **argv);

/**
 * title_set() - name the calling process
 * @title: memory of its arguments, which are overwritten
 * @arguments: text for ps(1) in place of the arguments; truncated if it is longer
 *	than they are
 * @name: text for the name of the thread, of 15 bytes at most
 */
void title_set(const struct title *title, const char *arguments,
	       const char *name);

/* Number of descriptors that the actions may need. */
#define HELPER_DESCRIPTORS 4

/**
 * struct helper_table - all actions
 * @title: memory of the arguments, to name the helper
 * @actions: action of each verb; a verb without @run returns -EOPNOTSUPP
 * @descriptors: descriptors that the actions need besides 0, 1 and 2, or -1
 * @watched: descriptor to wait for POLLPRI on, or -1, which an action may
 *	change; NULL for none
 * @changed: called after POLLPRI on the watched descriptor
 * @ended: called when the daemon has ended
 * @data: argument of all callbacks
 */
struct helper_table {
	struct title title;
	struct helper_action actions[HELPER_VERBS];
	int descriptors[HELPER_DESCRIPTORS];
	const int *watched;
	void (*changed)(void *data);
	void (*ended)(void *data);
	void *data;
};

/**
 * helper_run() - answer requests until the daemon has ended, then exit
 * @socket: SOCK_SEQPACKET socket, connected to the daemon
 * @table: actions
 */
G_NORETURN void helper_run(int socket, const struct helper_table *table);

/**
 * privilege_start() - fork the helper and drop all capabilities here
 * @table: actions of the helper, used only there
 * @kept: mask of the capabilities that the helper keeps, if they are held
 * @privilege: set on success
 *
 * Call it while the process has one thread. The daemon gets no_new_privs. So
 * does the helper, with a filter of system calls, unless it mounts without
 * CAP_SYS_ADMIN, because it then has to run fusermount3.
 *
 * Return: 0 or a negative errno.
 */
int privilege_start(const struct helper_table *table, guint64 kept,
		    struct privilege **privilege);

/**
 * privilege_interrupt_by() - let a descriptor end calls without a time limit
 * @privilege: started
 * @fd: descriptor that the caller owns, or -1 for none; while it is readable,
 *	such a call returns -EINTR instead of waiting
 *
 * The helper continues with the request, and ends afterwards: privilege_free()
 * waits for that as usual.
 */
void privilege_interrupt_by(struct privilege *privilege, int fd);

/**
 * privilege_call() - make a request and wait for its answer
 * @privilege: started
 * @verb: verb that is not slow
 * @timeout_ms: time limit in milliseconds; -1: none
 * @fd: set to the descriptor of the answer, which the caller owns, or to -1;
 *	NULL if the verb returns none
 *
 * A verb that timed out is not requested again before the helper has answered:
 * until then its calls return -ETIMEDOUT at once.
 *
 * Return: 0; -ETIMEDOUT; -EINTR: see privilege_interrupt_by(); -EPIPE: the helper
 * has ended; -EMFILE: this process may not open the descriptor of the answer; or
 * the action's negative errno.
 */
int privilege_call(struct privilege *privilege, enum helper_verb verb,
		   int timeout_ms, int *fd);

/**
 * privilege_request() - make a request without waiting
 * @privilege: started
 * @verb: verb that returns no descriptor
 * @answered: called once from the main loop with 0, or a negative errno as from
 *	privilege_call()
 * @data: argument of @answered
 *
 * Return: 0; -EBUSY: the previous request is not answered; or another negative
 * errno.
 */
int privilege_request(struct privilege *privilege, enum helper_verb verb,
		      void (*answered)(void *data, int error), void *data);

/**
 * privilege_forget() - drop the callback of a request
 * @privilege: started
 *
 * The request continues; until it is answered, privilege_request() returns
 * -EBUSY.
 */
void privilege_forget(struct privilege *privilege);

/**
 * privilege_free() - end the helper and wait for it
 * @privilege: NULL is allowed
 *
 * Waits VMCFS_UNMOUNT_TIMEOUT_MS at most, and not at all for a helper that has
 * not answered a call in time. It then ends as soon as it can.
 */
void privilege_free(struct privilege *privilege);

#endif
