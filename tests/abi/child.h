/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function that is run in a process of its own, with a guard against its
 * hanging. It may be deep in a driver that hangs: whatever happens, the caller
 * goes on.
 */
#ifndef ABI_CHILD_H
#define ABI_CHILD_H

#include <stddef.h>

struct abi_test;

/* To be called once: orphans of a child become ours. */
void child_init(void);

/**
 * child_run() - run a function in a child
 * @run: returns if all is well, else ends the process with a status
 * @test: handed to @run
 * @limit: seconds after which the child and its children are killed
 * @why: filled if the result is not 0
 * @size: of @why
 *
 * Return: 0 if it returned and nothing of it is left, else -1.
 */
int child_run(void (*run)(const struct abi_test *test),
	      const struct abi_test *test, unsigned int limit, char *why,
	      size_t size);

#endif
