/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small io_uring by system calls alone: one submission at a time, completions
 * waited for with a time limit.
 */
#ifndef FUZZ_RING_H
#define FUZZ_RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct ring - one io_uring
 * @fd: descriptor
 * @memory: both queues
 * @size: bytes of @memory
 * @entries: submission entries
 * @params: offsets of the queues
 */
struct ring {
	int fd;
	char *memory;
	size_t size;
	struct io_uring_sqe *entries;
	struct io_uring_params params;
};

/**
 * ring_open() - make a ring
 * @ring: uninitialised
 *
 * Return: false if the kernel does not give one.
 */
bool ring_open(struct ring *ring);

/**
 * ring_close() - end it, and with it what is under way
 * @ring: open
 */
void ring_close(struct ring *ring);

/**
 * ring_submit() - submit one entry
 * @ring: open
 * @entry: copied
 *
 * Return: what io_uring_enter() returned.
 */
long ring_submit(struct ring *ring, const struct io_uring_sqe *entry);

/**
 * ring_wait() - wait for one completion
 * @ring: open
 * @ms: at most that long
 * @result: set to its result
 *
 * Return: true if there was one.
 */
bool ring_wait(struct ring *ring, int ms, long *result);

#endif
