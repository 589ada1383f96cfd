/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frame of a case: runs it in a process of its own with a time limit, and
 * restores the state that the next case expects. A case has failed if it hangs,
 * dies, leaves processes, or leaves a channel that does not work. The selection
 * of cases is in main.c.
 */
#ifndef ABI_FRAME_H
#define ABI_FRAME_H

#include <stdbool.h>

#include "case.h"

/**
 * struct frame - state common to all cases
 * @test: driver under test
 * @lost: consecutive cases after which the channel did not become ready
 */
struct frame {
	const struct abi_test *test;
	unsigned int lost;
};

/* Must be called once, before any other function. */
void frame_init(struct frame *frame, const struct abi_test *test);

/**
 * frame_load() - load the kernel modules
 * @test: driver under test, with a directory of modules
 *
 * Return: true if the channel is ready.
 */
bool frame_load(const struct abi_test *test);

/**
 * frame_unload() - unload the kernel modules
 * @test: driver under test, with a directory of modules
 *
 * Return: true if no module is left.
 */
bool frame_unload(const struct abi_test *test);

/**
 * frame_run() - run a case, and report the result in TAP
 * @frame: initialised frame
 * @acase: case
 * @number: number of the TAP line
 *
 * After the channel is lost for good, the remaining cases fail without running.
 *
 * Return: true if it passed.
 */
bool frame_run(struct frame *frame, const struct abi_case *acase,
	       unsigned int number);

#endif
