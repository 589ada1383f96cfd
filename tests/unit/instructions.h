/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instruction counter: counts the instructions that a function executes, for
 * tests that limit the cost of an operation. Unlike time, the number is exact.
 * The function runs in a child process that its parent single-steps; its
 * effects are lost.
 */
#ifndef TESTS_UNIT_INSTRUCTIONS_H
#define TESTS_UNIT_INSTRUCTIONS_H

#include <linux/types.h>

/**
 * instructions_of() - count the instructions of one call
 * @function: function to call in a copy of this process
 *
 * Return: number of instructions, including some hundred of the stack frames
 * around the call.
 */
u64 instructions_of(void (*function)(void));

#endif
