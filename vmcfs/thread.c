// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thread: creates a thread with a small stack and with signals blocked. It
 * does not know the thread's work.
 */
#include "thread.h"

#include <signal.h>

#include <glib.h>

#include "defaults.h"

/* Signals of a thread's own faults, which the sanitizers handle. */
static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS };

int thread_start(pthread_t *thread, void *(*run)(void *data), void *data)
{
	pthread_attr_t attributes;
	sigset_t blocked, before;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, VMCFS_THREAD_STACK);
	sigfillset(&blocked);
	for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
		sigdelset(&blocked, faults[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	error = pthread_create(thread, &attributes, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return -error;
}
