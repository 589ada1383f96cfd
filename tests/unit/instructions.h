/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The number of instructions that a function executes: the measure of tests that
 * demand that a cost does not grow. It is exact, unlike time. It counts in a child
 * process, which a parent single-steps; what the function changes is lost.
 */
#ifndef TESTS_UNIT_INSTRUCTIONS_H
#define TESTS_UNIT_INSTRUCTIONS_H

#include <linux/types.h>

/**
 * instructions_of() - count the instructions of one call
 * @function: what is called, in a copy of this process
 *
 * Return: the number, with some hundred instructions of the frame around it.
 */
u64 instructions_of(void (*function)(void));

#endif
