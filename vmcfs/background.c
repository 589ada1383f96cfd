// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A pipe between child and parent: a byte says "ready", its end says that the
 * child did not get that far.
 */
#include "background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

static void wait_for_child(int fd, pid_t child)
{
	char byte;
	ssize_t got;
	int status = 0;

	do {
		got = read(fd, &byte, 1);
	} while (got < 0 && errno == EINTR);
	if (got == 1)
		_exit(EXIT_SUCCESS);
	if (waitpid(child, &status, 0) == child && WIFEXITED(status)) {
		if (WEXITSTATUS(status) == EX_SOFTWARE)
			g_printerr(
				"vmcfs: the daemon failed before its mount could be used; see the system's log\n");
		_exit(WEXITSTATUS(status));
	}
	g_printerr(
		"vmcfs: the daemon was ended by signal %d before its mount could be used\n",
		WTERMSIG(status));
	_exit(EX_SOFTWARE);
}

int background_start(void)
{
	int pipe_fds[2];
	pid_t child;

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0) {
		int error = -errno;

		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return error;
	}
	if (child) {
		close(pipe_fds[1]);
		wait_for_child(pipe_fds[0], child);
	}
	close(pipe_fds[0]);
	setsid();
	return pipe_fds[1];
}

static int leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || chdir("/"))
		return -errno;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close(null);
	return 0;
}

int background_detach(int fd)
{
	return fd < 0 ? 0 : leave_terminal();
}

int background_ready(int fd)
{
	int error;

	if (fd < 0)
		return 0;
	error = write(fd, "", 1) == 1 ? 0 : -EPIPE;
	close(fd);
	return error;
}

void background_own_descriptors(void)
{
	int fd;

	close_range(STDERR_FILENO + 1, ~0U, 0);
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}
