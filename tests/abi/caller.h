/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that makes one call, which may block: cases wait until it does,
 * let something happen, and look what the call gave. Nothing here knows the
 * driver.
 */
#ifndef ABI_CALLER_H
#define ABI_CALLER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct caller - a thread and its call
 *
 * It must live until caller_join(); its members are its own.
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

/* As the next one is started: it waits there before its call; NULL: no more. */
void caller_init(struct caller *caller, pthread_barrier_t *barrier);

/* Waits until the thread sleeps in its call; it must not have returned. */
void caller_await_blocked(struct caller *caller);

/* Sends SIGUSR1 to the thread; see caller_catch(). */
void caller_signal(struct caller *caller);

/* SIGUSR1 does nothing but interrupt from now on; @flags as for sigaction(2).
 */
void caller_catch(int flags);

/**
 * caller_join() - wait for the call's end
 * @caller: started
 *
 * Return: what the call returned (for poll(2): the bits); errno is its errno.
 */
long caller_join(struct caller *caller);

#endif
