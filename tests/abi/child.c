// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Child: runs a function in a process of its own and waits for its end. The
 * meaning of a failure is not decided here.
 */
#include "child.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Seconds within which killed processes must end. */
#define LINGER 5

void child_init(void)
{
	sigset_t child;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Waits until a child has ended, or until @end; returns false on timeout. */
static bool await_news(long long end)
{
	long long left = end - now_ms();
	struct timespec wait = { left / 1000, left % 1000 * 1000000 };
	sigset_t child;

	if (left <= 0)
		return false;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return sigtimedwait(&child, NULL, &wait) >= 0 || errno == EINTR;
}

/* Reaps ended children; returns true and the status once @pid has ended. */
static bool reap(pid_t pid, int *status)
{
	bool ended = false;
	int each;
	pid_t got;

	while ((got = waitpid(-1, &each, WNOHANG)) > 0) {
		if (got == pid) {
			*status = each;
			ended = true;
		}
	}
	return ended;
}

static void print_file(const char *path, const char *name)
{
	char line[256];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		printf("#   %s: %s", name, line);
	if (file)
		fclose(file);
}

/* Prints the state and stack of each thread of a process that hangs. */
static void describe(pid_t pid)
{
	static const char *const names[] = { "stat", "syscall", "stack" };
	char path[128];
	glob_t found;
	size_t i, j;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/task/*/%s", pid,
			 names[i]);
		if (glob(path, 0, NULL, &found))
			continue;
		for (j = 0; j < found.gl_pathc; j++)
			print_file(found.gl_pathv[j], names[i]);
		globfree(&found);
	}
}

/* Kills the rest of a process group; returns false if a process survives. */
static bool end_group(pid_t group)
{
	long long end = now_ms() + LINGER * 1000;
	int status;

	while (!kill(-group, SIGKILL)) {
		reap(0, &status);
		if (kill(-group, 0))
			break;
		if (!await_news(end))
			return false;
	}
	return true;
}

int child_run(void (*run)(const struct abi_test *test),
	      const struct abi_test *test, unsigned int limit, char *why,
	      size_t size)
{
	long long end = now_ms() + limit * 1000LL;
	bool ended, left;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		snprintf(why, size, "cannot fork: %s", strerror(errno));
		return -1;
	}
	if (!pid) {
		setpgid(0, 0);
		run(test);
		fflush(stdout);
		_exit(0);
	}
	setpgid(pid, pid);

	do {
		ended = reap(pid, &status);
	} while (!ended && await_news(end));
	if (!ended)
		describe(pid);

	left = !kill(-pid, 0);
	if (!end_group(pid)) {
		describe(pid);
		snprintf(why, size, "the process cannot be killed");
	} else if (!ended) {
		snprintf(why, size, "not done after %u seconds", limit);
	} else if (WIFSIGNALED(status)) {
		snprintf(why, size, "signal %s ended the case",
			 sigabbrev_np(WTERMSIG(status)));
	} else if (WEXITSTATUS(status)) {
		snprintf(why, size, "failed");
	} else if (left) {
		snprintf(why, size, "the case left processes");
	} else {
		return 0;
	}
	return -1;
}
