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

static void wait_for_child(int fd, pid_t child)
{
	char byte;
	ssize_t got;
	int status;

	do {
		got = read(fd, &byte, 1);
	} while (got < 0 && errno == EINTR);
	if (got == 1)
		_exit(EXIT_SUCCESS);
	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(EX_SOFTWARE);
}

int background_start(void)
{
	int pipe_fds[2];
	pid_t child;

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		close(pipe_fds[1]);
		wait_for_child(pipe_fds[0], child);
	}
	close(pipe_fds[0]);
	setsid();
	return pipe_fds[1];
}

void background_ready(int fd)
{
	int null;

	if (fd < 0)
		return;
	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
			dup2(null, i);
		close(null);
	}
	if (chdir("/") || write(fd, "", 1) != 1)
		return;
	close(fd);
}
