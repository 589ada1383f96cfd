/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Second process of a case: shares files with the first, and ends successfully
 * or is killed. The process that a case itself runs in is in child.h.
 */
#ifndef ABI_PROCESS_H
#define ABI_PROCESS_H

#include <sys/types.h>

/* Starts the process, which ends with status 0 when @run returns. */
pid_t process_start(void (*run)(void *data), void *data);

/* Waits until the process has ended; demands status 0. */
void process_join(pid_t pid);

/* Waits until the process sleeps in a call. */
void process_await_blocked(pid_t pid);

/* Kills the process and waits until it has ended. */
void process_kill(pid_t pid);

#endif
