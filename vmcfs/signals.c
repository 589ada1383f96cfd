// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals: one table of those that end the daemon, one of those that keep their
 * default action. All others are ignored: a stray SIGUSR1 or SIGALRM must not
 * end sessions.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <glib.h>

static const int ending[] = { SIGTERM, SIGINT, SIGQUIT, SIGXCPU };

/* Crashes, job control, and what cannot be ignored. */
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

/* The numbers below SIGRTMIN that the C library keeps for itself are refused.
 */
void signals_prepare(void)
{
	sigset_t none;

	for (int number = 1; number <= SIGRTMAX; number++) {
		if (contains(ending, G_N_ELEMENTS(ending), number) ||
		    contains(untouched, G_N_ELEMENTS(untouched), number))
			continue;
		signal(number, number == SIGCHLD ? SIG_DFL : SIG_IGN);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
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
