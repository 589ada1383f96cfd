// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process files: tests facts from /proc: the signals that end a process, from
 * a given text and from this process, and the combination of the two request
 * timeouts of the kernel. It sends no signal.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree/proc.h"

static gboolean are_fatal(guint64 of_thread, guint64 of_process,
			  guint64 blocked, guint64 ignored, guint64 caught)
{
	g_autofree char *text = g_strdup_printf(
		"Name:\tSigPnd:\nSigQ:\t0/9\nSigPnd:\t%016" G_GINT64_MODIFIER
		"x\nShdPnd:\t%016" G_GINT64_MODIFIER
		"x\nSigBlk:\t%016" G_GINT64_MODIFIER
		"x\nSigIgn:\t%016" G_GINT64_MODIFIER
		"x\nSigCgt:\t%016" G_GINT64_MODIFIER "x\nCapInh:\t0\n",
		of_thread, of_process, blocked, ignored, caught);

	return proc_signals_are_fatal(text);
}

static guint64 bit(int number)
{
	return (guint64)1 << (number - 1);
}

Test(proc, an_unhandled_signal_is_fatal)
{
	static const int fatal[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGKILL,
				     SIGSEGV, SIGTERM, SIGALRM, SIGUSR1,
				     34,      64 };

	cr_expect_not(are_fatal(0, 0, 0, 0, 0));
	for (gsize i = 0; i < G_N_ELEMENTS(fatal); i++) {
		guint64 one = bit(fatal[i]);

		cr_expect(are_fatal(one, 0, 0, 0, 0), "%d", fatal[i]);
		cr_expect(are_fatal(0, one, ~one, ~one, ~one), "%d", fatal[i]);
		cr_expect_not(are_fatal(one, one, one, 0, 0), "%d", fatal[i]);
		cr_expect_not(are_fatal(one, one, 0, one, 0), "%d", fatal[i]);
		cr_expect_not(are_fatal(one, one, 0, 0, one), "%d", fatal[i]);
	}
}

Test(proc, a_signal_that_stops_or_does_nothing_is_not_fatal)
{
	static const int harmless[] = { SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
					SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

	for (gsize i = 0; i < G_N_ELEMENTS(harmless); i++)
		cr_expect_not(are_fatal(bit(harmless[i]), bit(harmless[i]), 0,
					0, 0),
			      "%d", harmless[i]);
	cr_expect(are_fatal(bit(SIGCHLD), bit(SIGKILL), 0, 0, 0));
}

Test(proc, a_status_with_a_missing_line_is_fatal)
{
	cr_expect(proc_signals_are_fatal(""));
	cr_expect(proc_signals_are_fatal("\nSigPnd:\t0\nShdPnd:\t0\n"
					 "SigBlk:\t0\nSigIgn:\t0\n"));
}

Test(proc, reads_the_signals_of_a_thread)
{
	sigset_t set;

	cr_assert(proc_shows_threads());
	cr_expect_not(proc_is_ending(getpid()));
	cr_expect(proc_is_ending(0));
	cr_expect(proc_is_ending(-1));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	cr_expect_not(proc_is_ending(getpid()));
}

Test(proc, an_ended_process_is_ending)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	cr_expect(proc_is_ending(pid));
}

Test(proc, the_shorter_request_timeout_counts)
{
	cr_expect_eq(proc_combine_timeouts(0, 0), 0);
	cr_expect_eq(proc_combine_timeouts(20, 0), 20);
	cr_expect_eq(proc_combine_timeouts(0, 30), 30);
	cr_expect_eq(proc_combine_timeouts(20, 30), 20);
	cr_expect_eq(proc_combine_timeouts(60, 30), 30);
	cr_expect_eq(proc_combine_timeouts(1, 0), 15, "the kernel's minimum");
	cr_expect_eq(proc_combine_timeouts(600, 3), 15);
}
