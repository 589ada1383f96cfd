// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Child: waits for the end of a child process, and reads its status. It sets no
 * time limit.
 */
#include "internal.h"

#include <errno.h>
#include <sys/wait.h>

int child_wait(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -EIO;
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}
