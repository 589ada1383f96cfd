// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Thread: creates a thread with a small stack and with all signals blocked. It
 * does not know the thread's work.
 */
#include "thread.h"

#include <signal.h>

#include <glib.h>

#include "defaults.h"

int thread_start(pthread_t *thread, void *(*run)(void *data), void *data)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, VMCFS_THREAD_STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, &attributes, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return -error;
}
