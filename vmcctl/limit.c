// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Limit: runs a command in a child process, and ends it when its time is over. It
 * knows no command.
 *
 * If a daemon does not respond, a signal that is handled does not end a call into its
 * tree, and a process that was killed may still wait when it closes its files. So
 * another process measures the time.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

int limit_left_ms(gint64 deadline)
{
	gint64 left;

	if (deadline == G_MAXINT64)
		return -1;
	left = deadline - g_get_monotonic_time();
	return (int)CLAMP((left + 999) / 1000, 0, G_MAXINT);
}

/* If the parent has ended, so will this process. */
static void set_deadline(struct ctl_limit *limit, gint64 deadline)
{
	limit->deadline = deadline;
	if (write(limit->parent, &deadline, sizeof(deadline)) < 0)
		return;
}

void limit_suspend(struct ctl_limit *limit)
{
	if (!limit)
		return;
	limit->left = limit->deadline - g_get_monotonic_time();
	set_deadline(limit, G_MAXINT64);
}

void limit_resume(struct ctl_limit *limit)
{
	if (limit)
		set_deadline(limit, g_get_monotonic_time() + limit->left);
}

/* A signal that ended the child ends this process too. */
static int pass_status(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return EX_SOFTWARE;
}

/* The child may be unable to end, so it is not waited for. */
static int end_child(pid_t child, const struct ctl_call *call)
{
	kill(child, SIGKILL);
	complain(
		"hmc%d: the daemon did not respond within %g s, and may still execute the command; see whether it is stopped",
		call->index, (double)call->timeout_us / G_USEC_PER_SEC);
	return EX_TEMPFAIL;
}

static gint64 with_grace(gint64 deadline)
{
	return deadline == G_MAXINT64 ?
		       deadline :
		       deadline + VMCCTL_GRACE_MS * (G_USEC_PER_SEC / 1000);
}

/* Return: TRUE when the child has ended, FALSE when its time is over. */
static gboolean await_end(int child, int deadlines, gint64 deadline)
{
	struct pollfd descriptors[] = {
		{ .fd = child, .events = POLLIN },
		{ .fd = deadlines, .events = POLLIN },
	};

	for (;;) {
		int left = limit_left_ms(with_grace(deadline));
		int ready = poll(descriptors, G_N_ELEMENTS(descriptors), left);

		if (!ready && !left)
			return FALSE;
		if (ready <= 0)
			continue;
		if (descriptors[0].revents)
			return TRUE;
		if (read(deadlines, &deadline, sizeof(deadline)) <= 0)
			descriptors[1].fd = -1;
	}
}

static int watch(pid_t child, int deadlines, const struct ctl_call *call,
		 gint64 deadline)
{
	int status, process = (int)syscall(SYS_pidfd_open, child, 0);

	if (process < 0) {
		status = failure_status(errno);
		complain("a child process cannot be watched: %s",
			 strerror(errno));
		kill(child, SIGKILL);
		return status;
	}
	if (!await_end(process, deadlines, deadline) ||
	    waitpid(child, &status, 0) != child)
		return end_child(child, call);
	return pass_status(status);
}

/* A caller that ends the parent ends the command. */
static void follow_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EX_TEMPFAIL);
}

int limit_run(struct ctl_call *call, int (*run)(const struct ctl_call *call))
{
	struct ctl_limit limit = {
		.deadline = g_get_monotonic_time() + call->timeout_us,
	};
	pid_t child, parent = getpid();
	int ends[2];

	/* An ignored SIGCHLD would lose the status. */
	signal(SIGCHLD, SIG_DFL);
	child = pipe2(ends, O_CLOEXEC) ? -1 : fork();
	if (child < 0) {
		complain("a child process cannot be started: %s",
			 strerror(errno));
		return EX_OSERR;
	}
	if (child) {
		close(ends[1]);
		return watch(child, ends[0], call, limit.deadline);
	}
	close(ends[0]);
	follow_parent(parent);
	limit.parent = ends[1];
	call->limit = &limit;
	return run(call);
}
