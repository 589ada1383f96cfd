// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Instruction counter: single-steps a child process. It measures no time.
 */
#include "instructions.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* The parent counts instructions between the two signals. */
static void child(void (*function)(void))
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	raise(SIGSTOP);
	function();
	raise(SIGSTOP);
	_exit(0);
}

static int next_stop(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSTOPPED(status), "the child ended with status %#x",
		  (unsigned int)status);
	return WSTOPSIG(status);
}

u64 instructions_of(void (*function)(void))
{
	u64 count = 0;
	pid_t pid = fork();
	int number;

	cr_assert_geq(pid, 0);
	if (!pid)
		child(function);
	cr_assert_eq(next_stop(pid), SIGSTOP, "the child cannot be traced");
	do {
		cr_assert_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		count++;
		number = next_stop(pid);
	} while (number == SIGTRAP);
	cr_assert_eq(number, SIGSTOP, "signal %d ended the call", number);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return count;
}
