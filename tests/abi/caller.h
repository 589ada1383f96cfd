/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Caller: a thread that makes one system call, which may block. A case waits
 * until it blocks, provokes an event, and checks the result. It depends on
 * nothing of the driver.
 */
#ifndef ABI_CALLER_H
#define ABI_CALLER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct caller - a thread and its call
 *
 * It must live until caller_join(); its members are private.
 */
struct caller {
	pthread_t thread;
	pthread_barrier_t *barrier;
	long (*call)(struct caller *caller);
	int file;
	void *data;
	size_t len;
	short events;
	int index;
	unsigned int timeout_ms;
	int tid;
	int calling;
	int done;
	long result;
	int error;
};

/* A thread that calls read(2), write(2), poll(2), OPEN or SETHMCID. */
void caller_read(struct caller *caller, int file, void *data, size_t len);
void caller_write(struct caller *caller, int file, void *data, size_t len);
void caller_poll(struct caller *caller, int file, short events);
void caller_open(struct caller *caller, int file, int index,
		 unsigned int timeout_ms);
void caller_sethmcid(struct caller *caller, int file);

/* Barrier at which threads started later wait before their call, or NULL. */
void caller_init(struct caller *caller, pthread_barrier_t *barrier);

/* Waits until the thread sleeps in its call; it must not have returned. */
void caller_await_blocked(struct caller *caller);

/* Sends SIGUSR1 to the thread; see caller_catch(). */
void caller_signal(struct caller *caller);

/* From now on SIGUSR1 only interrupts; @flags as for sigaction(2). */
void caller_catch(int flags);

/**
 * caller_join() - wait until the call returns
 * @caller: started
 *
 * Return: result of the call (for poll(2): the events); errno is its errno.
 */
long caller_join(struct caller *caller);

#endif
