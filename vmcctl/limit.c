// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Limit: runs a command in a child process, prints its output, and ends it when its
 * time is over. It knows no command.
 *
 * If a daemon does not respond, a handled signal does not end a call into its tree,
 * and if it has taken the request, not even SIGKILL does. So another process measures
 * the time. It also owns the descriptors of the caller, who would otherwise wait for
 * the end of a child that cannot end.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* Sockets between the processes, which keep the boundaries of messages. */
enum way { WAY_DEADLINES, WAY_OUTPUT, WAY_ERRORS, WAYS };

/**
 * struct watch - the child, as its parent sees it
 * @child: process ID
 * @process: descriptor of the process
 * @ways: sockets; -1 after the end of the child
 * @deadline: time of the monotonic clock in us, or G_MAXINT64
 * @has_complained: TRUE if the child has printed why it fails
 */
struct watch {
	pid_t child;
	int process;
	int ways[WAYS];
	gint64 deadline;
	gboolean has_complained;
};

/* A signal that ended the child ends this process too. */
static int pass_status(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return EX_SOFTWARE;
}

static int take(struct watch *watch, enum way way, gconstpointer data,
		gsize len)
{
	if (way == WAY_OUTPUT)
		return output(data, len);
	if (way == WAY_DEADLINES)
		memcpy(&watch->deadline, data,
		       MIN(len, sizeof(watch->deadline)));
	else
		watch->has_complained = write(STDERR_FILENO, data, len) > 0;
	return 0;
}

/* Takes what the child has sent. Return: 0, or an exit status. */
static int take_all(struct watch *watch, enum way way)
{
	for (;;) {
		int flags = MSG_DONTWAIT | MSG_TRUNC;
		int from = watch->ways[way];
		gssize len = recv(from, NULL, 0, flags | MSG_PEEK);
		g_autofree char *data = NULL;
		int status;

		if (len < 0 && errno == EAGAIN)
			return 0;
		if (len <= 0) {
			watch->ways[way] = -1;
			return 0;
		}
		data = g_malloc((gsize)len);
		len = recv(from, data, (gsize)len, flags);
		status = take(watch, way, data, (gsize)len);
		if (status)
			return status;
	}
}

static int take_ways(struct watch *watch)
{
	int status = 0;

	for (enum way way = 0; !status && way < WAYS; way++) {
		if (watch->ways[way] >= 0)
			status = take_all(watch, way);
	}
	return status;
}

static gint64 end_of(const struct watch *watch)
{
	return watch->deadline == G_MAXINT64 ?
		       G_MAXINT64 :
		       watch->deadline +
			       VMCCTL_GRACE_MS * (G_USEC_PER_SEC / 1000);
}

/*
 * Return: 0 when the child has ended, EX_TEMPFAIL when its time is over, or another
 * exit status.
 */
static int await_end(struct watch *watch)
{
	for (;;) {
		struct pollfd descriptors[] = {
			{ .fd = watch->process, .events = POLLIN },
			{ .fd = STDOUT_FILENO },
			{ .fd = watch->ways[0], .events = POLLIN },
			{ .fd = watch->ways[1], .events = POLLIN },
			{ .fd = watch->ways[2], .events = POLLIN },
		};
		int left = time_left_ms(end_of(watch));
		int ready = poll(descriptors, G_N_ELEMENTS(descriptors), left);
		int status = take_ways(watch);

		if (status)
			return status;
		if (!ready && !left)
			return EX_TEMPFAIL;
		if (ready > 0 && descriptors[0].revents)
			return 0;
		if (ready > 0 && descriptors[1].revents & (POLLERR | POLLHUP))
			return output_failed(EPIPE);
	}
}

/* The child may be unable to end, so it is not waited for. */
static int end_child(const struct watch *watch, const struct ctl_call *call,
		     int status)
{
	kill(watch->child, SIGKILL);
	if (status == EX_TEMPFAIL && !watch->has_complained)
		complain(
			"hmc%d: the daemon did not respond within %g s, and may still execute the command; see whether it is stopped",
			call->index, (double)call->timeout_us / G_USEC_PER_SEC);
	return status;
}

static int watch_child(struct watch *watch, const struct ctl_call *call)
{
	int status;

	watch->process = (int)syscall(SYS_pidfd_open, watch->child, 0);
	if (watch->process < 0) {
		complain("a child process cannot be watched: %s",
			 strerror(errno));
		return end_child(watch, call, EX_OSERR);
	}
	status = await_end(watch);
	if (status)
		return end_child(watch, call, status);
	waitpid(watch->child, &status, 0);
	return pass_status(status);
}

/*
 * The child ends with its parent, and keeps no descriptor of the caller but standard
 * input.
 */
static void become_child(pid_t parent, const int *ways)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(ways[WAY_OUTPUT], STDOUT_FILENO) < 0 ||
	    dup2(ways[WAY_ERRORS], STDERR_FILENO) < 0 ||
	    dup2(ways[WAY_DEADLINES], STDERR_FILENO + 1) < 0)
		_exit(EX_OSERR);
	close_range(STDERR_FILENO + 2, ~0U, 0);
}

static int open_ways(int *here, int *there)
{
	for (enum way way = 0; way < WAYS; way++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
			return -errno;
		/* Above the descriptors to which the child moves its ends. */
		here[way] = ends[0];
		there[way] = fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 2);
		if (there[way] < 0)
			return -errno;
		close(ends[1]);
	}
	return 0;
}

int limit_run(struct ctl_call *call, int (*run)(const struct ctl_call *call))
{
	struct watch watch = {
		.deadline = g_get_monotonic_time() + call->timeout_us,
	};
	static struct ctl_limit limit = { .watcher = STDERR_FILENO + 1 };
	pid_t parent = getpid();
	int there[WAYS] = { -1, -1, -1 };
	int error = open_ways(watch.ways, there);

	/* An ignored SIGCHLD would lose the status. */
	signal(SIGCHLD, SIG_DFL);
	if (!error) {
		watch.child = fork();
		error = watch.child < 0 ? -errno : 0;
	}
	if (error) {
		complain("a child process cannot be started: %s",
			 strerror(-error));
		return EX_OSERR;
	}
	if (!watch.child) {
		become_child(parent, there);
		limit.deadline = watch.deadline;
		call->limit = &limit;
		return run(call);
	}
	for (enum way way = 0; way < WAYS; way++)
		close(there[way]);
	return watch_child(&watch, call);
}
