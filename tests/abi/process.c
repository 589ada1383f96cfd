// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Second process of a case: starts, awaits and kills it. The process that a
 * case itself runs in is in child.c.
 */
#include "process.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

pid_t process_start(void (*run)(void *data), void *data)
{
	pid_t pid;

	fflush(stdout);
	pid = MUST(fork());
	if (!pid) {
		run(data);
		_exit(0);
	}
	return pid;
}

void process_join(pid_t pid)
{
	int status;

	EXPECT_EQ(MUST(waitpid(pid, &status, 0)), pid);
	EXPECT(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 0);
}

void process_await_blocked(pid_t pid)
{
	char path[64], line[512];
	char state = 0;
	FILE *file;
	char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (state != 'S') {
		file = fopen(path, "r");
		EXPECT(file && fgets(line, sizeof(line), file));
		fclose(file);
		end = strrchr(line, ')');
		EXPECT(end && end[2] != 'Z');
		state = end[2];
		poll(NULL, 0, 1);
	}
}

void process_kill(pid_t pid)
{
	int status;

	MUST(kill(pid, SIGKILL));
	EXPECT_EQ(MUST(waitpid(pid, &status, 0)), pid);
	EXPECT(WIFSIGNALED(status));
}
