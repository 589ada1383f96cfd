// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Child: names a child process, waits for its end, and reads its status. It starts
 * none, and sets no time limit.
 */
#include "privilege.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "internal.h"

/* ps(1) and /proc show the memory of argv itself. */
struct title title_of(char **argv)
{
	char *end = argv ? argv[0] : NULL;

	if (!end)
		return (struct title){ 0 };
	for (int i = 0; argv[i] && argv[i] == end; i++)
		end += strlen(argv[i]) + 1;
	return (struct title){ argv[0], (gsize)(end - argv[0]) };
}

void title_set(const struct title *title, const char *arguments,
	       const char *name)
{
	if (!title->text)
		return;
	memset(title->text, 0, title->size);
	g_strlcpy(title->text, arguments, title->size);
	prctl(PR_SET_NAME, name);
}

int child_wait(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -EIO;
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}
