// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A child process and the descriptor by which the kernel tells its end. Its
 * exit status is the errno.
 */
#include "chardev-request.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "chardev-ioctl.h"
#include "watch.h"

struct chardev_request {
	pid_t child;
	int end;
	struct watch *watch;
	void (*ended)(void *data, int error);
	void *data;
};

/* It keeps nothing of the daemon's open: neither its mount nor its sessions. */
G_NORETURN static void ask(const char *path, pid_t parent)
{
	int error, fd;

	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EIO);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	error = fd < 0 ? -errno : chardev_ioctl_request_vmc(fd);
	_exit(-error);
}

/* The daemon's end does not wait for it: whoever inherits it, reaps it. */
static int reap(pid_t child)
{
	int status;

	if (waitpid(child, &status, WNOHANG) != child || !WIFEXITED(status))
		return -EIO;
	return -WEXITSTATUS(status);
}

static void on_end(void *data, GIOCondition condition, gboolean due)
{
	struct chardev_request *request = data;
	int error = reap(request->child);

	(void)condition;
	(void)due;
	request->child = 0;
	g_clear_pointer(&request->watch, watch_free);
	if (error == -ENOENT || error == -ENXIO)
		error = -ENODEV;
	request->ended(request->data, error);
}

int chardev_request_new(const char *path, void (*ended)(void *data, int error),
			void *data, struct chardev_request **request)
{
	pid_t parent = getpid();
	pid_t child = fork();
	int end;

	if (child < 0)
		return -errno;
	if (!child)
		ask(path, parent);
	end = (int)syscall(SYS_pidfd_open, child, 0);
	if (end < 0) {
		int error = -errno;

		kill(child, SIGKILL);
		reap(child);
		return error;
	}
	*request = g_new0(struct chardev_request, 1);
	(*request)->child = child;
	(*request)->end = end;
	(*request)->ended = ended;
	(*request)->data = data;
	(*request)->watch = watch_new(end, G_IO_IN, on_end, *request);
	return 0;
}

void chardev_request_free(struct chardev_request *request)
{
	if (!request)
		return;
	watch_free(request->watch);
	if (request->child) {
		kill(request->child, SIGKILL);
		reap(request->child);
	}
	close(request->end);
	g_free(request);
}
