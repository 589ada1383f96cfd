/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second process of a case, which shares files with the first, and ends well
 * or is killed. It is not the frame's child: that is told in child.h.
 */
#ifndef ABI_PROCESS_H
#define ABI_PROCESS_H

#include <sys/types.h>

/* Starts it; it ends with status 0 when @run returns. */
pid_t process_start(void (*run)(void *data), void *data);

/* Waits for its end, which must be a good one. */
void process_join(pid_t pid);

/* Waits until it sleeps, in whatever call. */
void process_await_blocked(pid_t pid);

/* Kills it, and waits for its end. */
void process_kill(pid_t pid);

#endif
