// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process operations: share descriptors with children, kill children during a
 * call, and handle, block or send signals. The workers themselves are managed
 * by herd.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

static void pause_ns(long ns)
{
	const struct timespec time = { .tv_nsec = ns };

	nanosleep(&time, NULL);
}

static pid_t reap(pid_t child)
{
	pid_t got;

	do
		got = waitpid(child, NULL, 0);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Starts a child that ends with its parent. */
static pid_t start_child(void)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return child;
}

static void op_fork_close(struct worker *worker)
{
	pid_t child = start_child();

	if (!child)
		_exit(0);
	if (child > 0)
		done(worker, reap(child));
}

/* Reads of a child are not recorded, so only unchecked channels are shared. */
static void op_fork_read(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	pid_t child;

	if (!slot)
		return;
	child = start_child();
	if (!child) {
		for (;;) {
			if (read(slot->fd, worker->buffer, 100) <= 0)
				pause_ns(100000);
		}
	}
	if (child > 0) {
		pause_ns((long)below(worker, 3000000));
		kill(child, SIGKILL);
		done(worker, reap(child));
	}
	slot_put(slot);
}

/* It is unknown whether the message of a killed child was sent. */
static void op_fork_write(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	size_t len;
	pid_t child;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	child = start_child();
	if (!child) {
		if (write(slot->fd, worker->buffer, len) < 0)
			_exit(1);
		_exit(0);
	}
	if (child > 0) {
		pause_ns((long)below(worker, 1000000));
		kill(child, SIGKILL);
		done(worker, reap(child));
	}
	slot_put(slot);
}

static void op_fork_open(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	int flags = (int)below(worker, 3) | O_CLOEXEC;
	pid_t child;

	world_path(worker->world, path, (int)below(worker, FUZZ_INDICES),
		   chance(worker, 2) ? "message" : "control");
	child = start_child();
	if (!child) {
		for (;;)
			close(open(path, flags));
	}
	if (child > 0) {
		pause_ns((long)below(worker, 3000000));
		kill(child, SIGKILL);
		done(worker, reap(child));
	}
}

static void op_fork_poll(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	pid_t child;

	if (!slot)
		return;
	child = start_child();
	if (!child) {
		struct pollfd wait = { .fd = slot->fd, .events = POLLPRI };

		for (;;)
			poll(&wait, 1, -1);
	}
	if (child > 0) {
		pause_ns((long)below(worker, 2000000));
		kill(child, chance(worker, 2) ? SIGKILL : SIGTERM);
		kill(child, SIGKILL);
		done(worker, reap(child));
	}
	slot_put(slot);
}

static void op_stop_continue(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	pid_t child;

	if (!slot)
		return;
	child = start_child();
	if (!child) {
		for (;;)
			if (read(slot->fd, worker->buffer, MESSAGE_MAX) < 0)
				pause_ns(10000);
	}
	for (int i = 0; child > 0 && i < 4; i++) {
		kill(child, SIGSTOP);
		pause_ns((long)below(worker, 500000));
		kill(child, SIGCONT);
		pause_ns((long)below(worker, 500000));
	}
	if (child > 0) {
		kill(child, SIGKILL);
		done(worker, reap(child));
	}
	slot_put(slot);
}

static void op_signal_self(struct worker *worker)
{
	done(worker, raise(chance(worker, 2) ? SIGUSR1 : SIGURG));
}

/* Signals are pending, but none may end the next call. */
static void op_blocked_signals(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	sigset_t all, before;
	struct pollfd wait;

	if (!slot)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	raise(SIGUSR1);
	wait = (struct pollfd){ .fd = slot->fd, .events = POLLIN };
	done(worker, poll(&wait, 1, 3));
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	slot_put(slot);
}

const struct operation process_operations[] = {
	{ "fork-close", 1, false, op_fork_close },
	{ "fork-read", 2, false, op_fork_read },
	{ "fork-write", 3, false, op_fork_write },
	{ "fork-open", 2, false, op_fork_open },
	{ "fork-poll", 2, false, op_fork_poll },
	{ "stop-continue", 2, false, op_stop_continue },
	{ "signal-self", 4, false, op_signal_self },
	{ "blocked-signals", 4, false, op_blocked_signals },
	{ NULL, 0, false, NULL },
};
