/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thread: starts the threads of the daemon besides the main one. It stops none.
 */
#ifndef VMCFS_THREAD_H
#define VMCFS_THREAD_H

#include <pthread.h>

/**
 * thread_start() - start a thread in which all signals but those of faults are
 * blocked
 * @thread: set on success; the caller joins it
 * @run: function of the thread; its result is ignored
 * @data: argument of @run
 *
 * The main thread handles the signals of the process. The stack has
 * VMCFS_THREAD_STACK bytes, so that limits of address space leave room for the
 * log.
 *
 * Return: 0, or -EAGAIN if the system refuses another thread.
 */
int thread_start(pthread_t *thread, void *(*run)(void *data), void *data);

#endif
