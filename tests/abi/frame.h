/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of a case: it runs in a process of its own, which is ended when its
 * time is over, and afterwards everything is as the next case expects it. A
 * case that hangs, dies, leaves processes behind, or leaves the channel out of
 * order has failed. Which cases are run is for main.c.
 */
#ifndef ABI_FRAME_H
#define ABI_FRAME_H

#include <stdbool.h>

#include "case.h"

/**
 * struct frame - what is the same for all cases
 * @test: what is tested
 * @lost: how often in a row the channel did not come back after a case
 */
struct frame {
	const struct abi_test *test;
	unsigned int lost;
};

/* To be called once, before any other. */
void frame_init(struct frame *frame, const struct abi_test *test);

/**
 * frame_load() - load the kernel modules
 * @test: with a directory of modules
 *
 * Return: true if the channel is ready.
 */
bool frame_load(const struct abi_test *test);

/**
 * frame_unload() - unload them
 * @test: with a directory of modules
 *
 * Return: true if none is left.
 */
bool frame_unload(const struct abi_test *test);

/**
 * frame_run() - run a case, and tell the result in TAP
 * @frame: initialised
 * @acase: any
 * @number: of the line
 *
 * A channel that is lost for good is waited for no more: what is left fails.
 *
 * Return: true if it passed.
 */
bool frame_run(struct frame *frame, const struct abi_case *acase,
	       unsigned int number);

#endif
