// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters: tests that a refused call fails with EPERM in builds for users.
 * tests/fs/syscalls.py tests the filters of the running daemon.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "privilege/privilege.h"

/* Exit statuses of a child that are no errno. */
enum { DONE = 0, NOT_INSTALLED = 200 };

TestSuite(filter, .timeout = 60);

/* Runs a function under a filter; returns its exit status. */
static int under(enum filter_role role, int (*try)(void))
{
	pid_t child = fork();
	int status;

	if (!child) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (filter_install(role))
			_exit(NOT_INSTALLED);
		_exit(try());
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status), "signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static int result(long value)
{
	return value < 0 ? errno : DONE;
}

static int run_program(void)
{
	char *const none[] = { NULL };

	return result(execve("/bin/true", none, none));
}

static int use_network(void)
{
	return result(socket(AF_INET, SOCK_DGRAM, 0));
}

static int use_packets(void)
{
	return result(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int change_mode(void)
{
	return result(chmod("/", 0755));
}

static int leave_namespace(void)
{
	return result(unshare(CLONE_NEWNS));
}

static int make_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
		       errno :
		       DONE;
}

/* The leak check of a sanitized build needs these calls. */
#ifndef __SANITIZE_ADDRESS__
static int write_file(void)
{
	return result(open("/dev/null", O_WRONLY));
}

static int make_file(void)
{
	return result(open("/tmp", O_TMPFILE | O_RDWR, 0600));
}

static int trace(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int start_process(void)
{
	return result(fork());
}

static int signal_others(void)
{
	return result(kill(getppid(), 0));
}
#endif

Test(filter, calls_refused_to_the_daemon_fail_with_eperm)
{
	int (*const calls[])(void) = {
		run_program,   use_network,   use_packets,
		change_mode,   make_code,     leave_namespace,
#ifndef __SANITIZE_ADDRESS__
		write_file,    make_file,     trace,
		start_process, signal_others,
#endif
	};

	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		cr_expect_eq(under(FILTER_DAEMON, calls[i]), EPERM, "call %zu",
			     i);
}

Test(filter, calls_refused_to_the_helper_fail_with_eperm)
{
	int (*const calls[])(void) = {
		run_program, use_network, use_packets,
		change_mode, make_code,	  leave_namespace,
#ifndef __SANITIZE_ADDRESS__
		trace,
#endif
	};

	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		cr_expect_eq(under(FILTER_HELPER, calls[i]), EPERM, "call %zu",
			     i);
}

static int read_file(void)
{
	char byte;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, &byte, 1) != 1 || close(fd);
}

static int use_local_socket(void)
{
	return result(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void *do_nothing(void *data)
{
	return data;
}

static int start_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);

	return error ? error : pthread_join(thread, NULL);
}

Test(filter, calls_of_the_daemon_are_allowed)
{
	cr_expect_eq(under(FILTER_DAEMON, read_file), 0);
	cr_expect_eq(under(FILTER_DAEMON, use_local_socket), 0);
	cr_expect_eq(under(FILTER_DAEMON, start_thread), 0);
}

static pthread_barrier_t installed;

static void *call_later(void *data)
{
	int *status = data;

	pthread_barrier_wait(&installed);
	*status = use_network();
	return NULL;
}

static int try_in_thread(void)
{
	pthread_t thread;
	int status = DONE;

	pthread_barrier_init(&installed, NULL, 2);
	pthread_create(&thread, NULL, call_later, &status);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (filter_install(FILTER_DAEMON))
		return NOT_INSTALLED;
	pthread_barrier_wait(&installed);
	pthread_join(thread, NULL);
	return status;
}

Test(filter, a_running_thread_is_filtered)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(try_in_thread());
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status), "signal %d", WTERMSIG(status));
	cr_expect_eq(WEXITSTATUS(status), EPERM);
}

Test(filter, a_failed_assertion_ends_the_process_by_sigabrt)
{
	pid_t child = fork();
	int status;

	if (!child) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (!filter_install(FILTER_DAEMON))
			abort();
		_exit(NOT_INSTALLED);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
