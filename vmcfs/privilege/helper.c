// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Helper: the main loop of the child process that keeps the privileges. It
 * answers a fixed set of requests without parameters, and ends when the daemon
 * does. The actions themselves are in the table that the caller passes.
 *
 * A child of the helper runs a slow action; its exit status is the errno.
 */
#include "privilege.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

struct helper {
	int socket;
	const struct helper_table *table;
	pid_t child;
	int child_end;
	guint32 child_serial;
};

static void answer(const struct helper *helper, guint32 serial, int error,
		   int fd)
{
	const struct helper_answer message = {
		.serial = serial,
		.error = error,
	};

	descriptor_send(helper->socket, &message, sizeof(message), fd);
}

G_NORETURN static void be_child(const struct helper *helper,
				const struct helper_action *action,
				pid_t parent)
{
	int error, fd = -1;

	close(helper->socket);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EIO);
	error = action->run(helper->table->data, &fd);
	_exit(-error);
}

/* Without a pidfd, the end of the child would be unnoticed. */
static int watch_child(struct helper *helper)
{
	int error;

	helper->child_end = (int)syscall(SYS_pidfd_open, helper->child, 0);
	if (helper->child_end >= 0)
		return 0;
	error = -errno;
	kill(helper->child, SIGKILL);
	child_wait(helper->child);
	helper->child = 0;
	return error;
}

/* Return: 0 if the answer follows later. */
static int start_child(struct helper *helper,
		       const struct helper_action *action, guint32 serial)
{
	pid_t parent = getpid();

	if (helper->child)
		return -EBUSY;
	helper->child = fork();
	if (helper->child < 0) {
		helper->child = 0;
		return -errno;
	}
	if (!helper->child)
		be_child(helper, action, parent);
	helper->child_serial = serial;
	return watch_child(helper);
}

static void reap_child(struct helper *helper)
{
	pid_t child = helper->child;

	helper->child = 0;
	close(helper->child_end);
	helper->child_end = -1;
	answer(helper, helper->child_serial, child_wait(child), -1);
}

static void run_action(struct helper *helper,
		       const struct helper_request *request)
{
	const struct helper_action *action;
	int error, fd = -1;

	if (request->verb >= HELPER_VERBS ||
	    !helper->table->actions[request->verb].run) {
		answer(helper, request->serial, -EOPNOTSUPP, -1);
		return;
	}
	action = &helper->table->actions[request->verb];
	if (action->slow) {
		error = start_child(helper, action, request->serial);
		if (error)
			answer(helper, request->serial, error, -1);
		return;
	}
	error = action->run(helper->table->data, &fd);
	answer(helper, request->serial, error, fd);
	if (fd >= 0)
		close(fd);
}

/*
 * The daemon sends whole requests without descriptors; after another message,
 * or at the end of the daemon, the helper ends.
 */
static gboolean serve_request(struct helper *helper)
{
	struct helper_request request;
	int fd;
	gssize got = descriptor_receive(helper->socket, &request,
					sizeof(request), &fd);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || got != sizeof(request))
		return FALSE;
	run_action(helper, &request);
	return TRUE;
}

static gboolean serve_once(struct helper *helper)
{
	const int *watched = helper->table->watched;
	struct pollfd files[] = {
		{ .fd = helper->socket, .events = POLLIN },
		{ .fd = helper->child_end, .events = POLLIN },
		{ .fd = watched ? *watched : -1, .events = POLLPRI },
	};

	if (poll(files, G_N_ELEMENTS(files), -1) < 0)
		return errno == EINTR;
	if (files[1].revents)
		reap_child(helper);
	if (files[2].revents)
		helper->table->changed(helper->table->data);
	return !files[0].revents || serve_request(helper);
}

void helper_run(int socket, const struct helper_table *table)
{
	struct helper helper = {
		.socket = socket,
		.table = table,
		.child_end = -1,
	};

	while (serve_once(&helper))
		;
	if (helper.child)
		kill(helper.child, SIGKILL);
	table->ended(table->data);
	_exit(EXIT_SUCCESS);
}
