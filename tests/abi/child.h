/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child: runs a function in a process of its own, with a guard against hanging.
 * It cannot end a child that hangs in the driver: then it reports the child and
 * returns.
 */
#ifndef ABI_CHILD_H
#define ABI_CHILD_H

#include <stddef.h>

struct abi_test;

/* Must be called once: makes the caller the parent of a child's orphans. */
void child_init(void);

/**
 * child_run() - run a function in a child
 * @run: function that returns on success, else ends the process with a status
 * @test: argument of @run
 * @limit: seconds after which the child and its children are killed
 * @why: reason, filled if the result is not 0
 * @size: size of @why in bytes
 *
 * Return: 0 if @run returned and left no process, else -1.
 */
int child_run(void (*run)(const struct abi_test *test),
	      const struct abi_test *test, unsigned int limit, char *why,
	      size_t size);

#endif
