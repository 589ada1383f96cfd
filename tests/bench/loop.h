/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loop: passes messages through the simulated device alone, for its own time and
 * instructions. It has no tree, no log and no FUSE.
 */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include <stddef.h>

struct loop;

/**
 * loop_new() - make a simulated device with one open session
 *
 * Return: the loop, which is never freed; NULL if there is no session.
 */
struct loop *loop_new(void);

/**
 * loop_pass() - send a message, run both ends, and receive it
 * @loop: loop
 * @buffer: message, and buffer in which it is received
 * @size: bytes of the message, 1 to the MTU
 *
 * Return: 0, or -1 if it did not come back.
 */
int loop_pass(struct loop *loop, char *buffer, size_t size);

#endif
