/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ring: uses io_uring by system calls alone, with one submission at a time and
 * a timeout for completions. It chooses no operation.
 */
#ifndef FUZZ_RING_H
#define FUZZ_RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct ring - io_uring
 * @fd: descriptor
 * @memory: mapping of both queues
 * @size: size of @memory in bytes
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
 * ring_open() - create a ring
 * @ring: uninitialised ring
 *
 * Return: false if the kernel refuses.
 */
bool ring_open(struct ring *ring);

/**
 * ring_close() - close a ring and cancel its requests
 * @ring: open ring
 */
void ring_close(struct ring *ring);

/**
 * ring_submit() - submit one entry
 * @ring: open ring
 * @entry: entry, copied
 *
 * Return: the result of io_uring_enter().
 */
long ring_submit(struct ring *ring, const struct io_uring_sqe *entry);

/**
 * ring_wait() - wait for one completion
 * @ring: open ring
 * @ms: timeout in milliseconds
 * @result: receives the result of the request
 *
 * Return: true if a completion arrived.
 */
bool ring_wait(struct ring *ring, int ms, long *result);

#endif
