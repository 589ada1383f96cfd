// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process: background, signals, namespace and resource limits of the daemon's
 * process. It holds no state.
 *
 * Parent and child share two connected sockets: a byte from the child means that
 * the tree is usable, end of file that the child exited before that.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "defaults.h"
#include "errors.h"
#include "privilege/privilege.h"

int namespace_enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = setns(fd, CLONE_NEWNS) ? -errno : 0;
	close(fd);
	return error;
}

/* Return: the exit status of the parent. */
static int status_of(pid_t child)
{
	int status, result = EX_SOFTWARE;

	if (waitpid(child, &status, 0) == child) {
		if (WIFSIGNALED(status)) {
			g_printerr(
				"vmcfs: the daemon was killed by signal %d before its mount could be used\n",
				WTERMSIG(status));
			return EX_SOFTWARE;
		}
		result = WEXITSTATUS(status);
	}
	if (result == EX_SOFTWARE)
		g_printerr(
			"vmcfs: the daemon failed before its mount could be used; see the system's log\n");
	return result;
}

static void unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * After the shutdown the child cannot send the byte any more: either it has sent
 * it, or it ends. So a signal ends the parent only if no tree is served.
 */
static gboolean is_served(int fd, int signals)
{
	struct pollfd files[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	char byte;

	while (poll(files, G_N_ELEMENTS(files), -1) < 0 && errno == EINTR)
		;
	shutdown(fd, SHUT_RD);
	return read(fd, &byte, 1) == 1;
}

static int wait_for_child(int fd, int signals, pid_t child)
{
	if (is_served(fd, signals))
		return EXIT_SUCCESS;
	unblock_signals();
	return status_of(child);
}

/* The exit of the parent closes what it leaves open here. */
int background_start(int *fd, int *status)
{
	int ends[2], signals = signals_open();
	pid_t child;

	if (signals < 0)
		return signals;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		close(ends[1]);
		*status = wait_for_child(ends[0], signals, child);
		return 1;
	}
	unblock_signals();
	close(signals);
	close(ends[0]);
	setsid();
	*fd = ends[1];
	return 0;
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

void background_own_descriptors(const int *kept, gsize count)
{
	int fd;

	descriptor_close_others(kept, count);
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Signals that end the daemon. */
static const int ending[] = { SIGTERM, SIGINT, SIGQUIT, SIGXCPU };

/*
 * Signals with their default action: crashes, job control, and signals that
 * cannot be ignored. All others are ignored: a stray SIGUSR1 must not end
 * sessions.
 */
static const int untouched[] = { SIGILL,  SIGTRAP, SIGABRT, SIGBUS,   SIGFPE,
				 SIGKILL, SIGSEGV, SIGCONT, SIGSTOP,  SIGTSTP,
				 SIGTTIN, SIGTTOU, SIGURG,  SIGWINCH, SIGSYS };

static gboolean contains(const int *numbers, gsize count, int number)
{
	for (gsize i = 0; i < count; i++) {
		if (numbers[i] == number)
			return TRUE;
	}
	return FALSE;
}

/* signal() fails for the numbers that the C library reserves for itself. */
void signals_prepare(void)
{
	for (int number = 1; number <= SIGRTMAX; number++) {
		if (contains(ending, G_N_ELEMENTS(ending), number) ||
		    contains(untouched, G_N_ELEMENTS(untouched), number))
			continue;
		signal(number, number == SIGCHLD ? SIG_DFL : SIG_IGN);
	}
	unblock_signals();
}

static gboolean is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

int signals_open(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (gsize i = 0; i < G_N_ELEMENTS(ending); i++) {
		if (!is_ignored(ending[i]))
			sigaddset(&set, ending[i]);
	}
	sigprocmask(SIG_SETMASK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/*
 * Duplicates a descriptor to the highest number needed. fcntl(2) returns EINVAL
 * if that is above the limit.
 */
static int try_descriptor(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, VMCFS_DESCRIPTORS - 1);

	if (fd < 0)
		return errno == EINVAL ? -EMFILE : -errno;
	close(fd);
	return 0;
}

static int try_memory(void)
{
	void *memory = mmap(NULL, VMCFS_START_MEMORY, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -ENOMEM;
	munmap(memory, VMCFS_START_MEMORY);
	return 0;
}

/* The main thread needs as much as the others; at the limit it would crash. */
static gboolean has_stack(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_STACK, &limit) ||
	       limit.rlim_cur >= VMCFS_THREAD_STACK;
}

int resources_check(void)
{
	int error = try_descriptor();

	if (!has_stack()) {
		g_printerr(
			"vmcfs: %u KiB of stack are needed; allow more (ulimit -s)\n",
			(guint)(VMCFS_THREAD_STACK / KIB));
		return EX_OSERR;
	}

	if (error) {
		g_printerr("vmcfs: %d open files are needed: %s%s\n",
			   VMCFS_DESCRIPTORS, g_strerror(-error),
			   error_remedy(error));
		return EX_OSERR;
	}
	error = try_memory();
	if (error) {
		g_printerr("vmcfs: %u MiB of memory are needed: %s%s\n",
			   (guint)(VMCFS_START_MEMORY / MIB),
			   g_strerror(-error), error_remedy(error));
		return EX_OSERR;
	}
	return 0;
}
