// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Herd: starts and ends worker processes. It makes no call on the tree.
 */
#include "herd.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker.h"

#define TICK_MS 2
/* Guard against hanging, far longer than any wait here. */
#define END_MS 120000

struct thread {
	pthread_t thread;
	struct world *world;
	struct descriptors *descriptors;
	uint32_t writer;
};

static void handle(int number)
{
	(void)number;
}

/* The kernel restarts the interrupted calls of every second process. */
static void handle_signals(uint32_t writer)
{
	static const int numbers[] = { SIGALRM, SIGUSR1, SIGURG, SIGCHLD,
				       SIGIO };
	struct sigaction action = {
		.sa_handler = handle,
		.sa_flags = writer % 2 ? SA_RESTART : 0,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static void become(const struct world *world, uint32_t writer)
{
	if (world->options.uid < 0 || writer % 2)
		return;
	if (setgid((gid_t)world->options.uid) ||
	    setuid((uid_t)world->options.uid)) {
		perror("setuid");
		exit(1);
	}
	/* Otherwise root would own /proc/self/fd. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void *run_thread(void *data)
{
	struct thread *thread = data;

	worker_run(thread->world, thread->descriptors, thread->writer);
	return NULL;
}

static void run_threads(struct world *world, uint32_t writer,
			unsigned int count)
{
	struct descriptors descriptors = { 0 };
	struct thread threads[HERD_MAX];

	for (unsigned int i = 0; i < count; i++) {
		threads[i] = (struct thread){
			.world = world,
			.descriptors = &descriptors,
			.writer = writer + i,
		};
		if (pthread_create(&threads[i].thread, NULL, run_thread,
				   &threads[i]))
			exit(1);
	}
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i].thread, NULL);
}

/* The last member has several threads. */
static unsigned int threads_of(const struct herd *herd,
			       const struct member *member)
{
	const struct fuzz_options *options = &herd->world->options;
	bool last = member == &herd->members[herd->count - 1];

	return last && options->threads ? options->threads : 1;
}

static void run_member(const struct herd *herd, const struct member *member,
		       unsigned int threads)
{
	/* Descriptors of the parent's readers belong to the parent alone. */
	close_range(3, ~0u, 0);
	become(herd->world, member->writer);
	run_threads(herd->world, member->writer, threads);
	_exit(0);
}

/*
 * A signal that arrives before its handler is set must not end the member. The
 * children of a member are in its process group.
 */
static void start(struct herd *herd, struct member *member)
{
	unsigned int threads = threads_of(herd, member);
	pid_t parent = getpid();
	sigset_t all, before;

	*member = (struct member){
		.writer = atomic_fetch_add(&herd->world->next_writer, threads),
	};
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	member->pid = fork();
	if (member->pid < 0) {
		perror("fork");
		exit(1);
	}
	setpgid(member->pid, member->pid);
	if (!member->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		handle_signals(member->writer);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!member->pid)
		run_member(herd, member, threads);
}

void herd_start(struct herd *herd, struct world *world)
{
	const struct fuzz_options *options = &world->options;

	*herd = (struct herd){
		.world = world,
		.random = options->seed,
		.count = options->processes + (options->threads ? 1 : 0),
	};
	for (unsigned int i = 0; i < herd->count; i++)
		start(herd, &herd->members[i]);
}

static void judge(struct herd *herd, const struct member *member, int status)
{
	bool good = member->killed ? WIFSIGNALED(status) || WIFEXITED(status) :
				     WIFEXITED(status) && !WEXITSTATUS(status);

	if (!good)
		world_fault(herd->world,
			    "writer %u ended unexpectedly, wait status %#x",
			    member->writer, status);
}

/*
 * A child that was stopped before it set PR_SET_PDEATHSIG outlives its
 * member.
 *
 * Return: true if the member has ended and was reaped.
 */
static bool reap(struct herd *herd, struct member *member)
{
	int status;
	pid_t got = waitpid(member->pid, &status, WNOHANG);

	if (got != member->pid)
		return false;
	kill(-member->pid, SIGKILL);
	judge(herd, member, status);
	member->pid = 0;
	return true;
}

static void kill_one(struct herd *herd)
{
	struct member *member =
		&herd->members[random_below(&herd->random, herd->count)];

	if (member->killed)
		return;
	member->killed = world_now();
	kill(member->pid, SIGKILL);
}

static void stop_one(struct herd *herd)
{
	struct member *member =
		&herd->members[random_below(&herd->random, herd->count)];

	if (member->killed || member->stopped)
		return;
	member->stopped = world_now();
	kill(member->pid, SIGSTOP);
}

static void tick(struct herd *herd, struct member *member)
{
	if (reap(herd, member)) {
		start(herd, member);
		return;
	}
	if (member->stopped && random_below(&herd->random, 4) == 0) {
		member->stopped = 0;
		kill(member->pid, SIGCONT);
		kill(member->pid, SIGUSR1);
	}
}

static bool is_due(struct herd *herd, unsigned int mean_ms)
{
	return mean_ms && random_below(&herd->random, mean_ms) < TICK_MS;
}

void herd_run(struct herd *herd)
{
	const struct fuzz_options *options = &herd->world->options;
	uint64_t end = world_now() + options->seconds * 1000000000ull;

	while (world_now() < end) {
		if (is_due(herd, options->kill_ms))
			kill_one(herd);
		if (is_due(herd, options->stop_ms))
			stop_one(herd);
		for (unsigned int i = 0; i < herd->count; i++)
			tick(herd, &herd->members[i]);
		world_pause(TICK_MS);
	}
}

static void show(const struct member *member, const char *file)
{
	char path[64], text[2048];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", member->pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? 0 : read(fd, text, sizeof(text));
	if (len > 0 && write(STDOUT_FILENO, text, (size_t)len) < 0)
		abort();
	if (fd >= 0)
		close(fd);
}

static unsigned int left(struct herd *herd, int signal)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < herd->count; i++) {
		struct member *member = &herd->members[i];

		if (!member->pid || reap(herd, member))
			continue;
		count++;
		if (signal)
			kill(member->pid, signal);
		if (signal == SIGKILL)
			member->killed = world_now();
	}
	return count;
}

static unsigned int wait_for_end(struct herd *herd, int signal)
{
	uint64_t end = world_now() + END_MS * 1000000ull;
	unsigned int count;

	left(herd, SIGCONT);
	while ((count = left(herd, signal)) && world_now() < end)
		world_pause(20);
	return count;
}

void herd_end(struct herd *herd)
{
	if (!wait_for_end(herd, SIGUSR1))
		return;
	for (unsigned int i = 0; i < herd->count; i++) {
		const struct member *member = &herd->members[i];

		if (!member->pid)
			continue;
		world_fault(herd->world, "writer %u does not end",
			    member->writer);
		show(member, "stack");
		show(member, "syscall");
	}
	if (wait_for_end(herd, SIGKILL))
		world_fault(herd->world, "a writer survives SIGKILL");
}
