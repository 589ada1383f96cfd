/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocked threads: one in every blocking call, for cases that break the channel
 * meanwhile. The reset or removal is the case's own task.
 */
#ifndef ABI_BROKEN_H
#define ABI_BROKEN_H

#include "caller.h"
#include "case.h"

/* broken_prepare() silences the hypervisor. */
#define BROKEN_NEEDS KNOB_BIT(KNOB_STALL)

/**
 * struct broken - the threads and their files
 * @test: driver under test
 * @files: one with a session that reads, an old one that reads, one that
 *	writes, one that is being opened
 * @callers: their threads, and one that polls the first file
 * @buffers: memory of the readers
 */
struct broken {
	const struct abi_test *test;
	int files[4];
	struct caller callers[5];
	char buffers[2][64];
};

/* Blocks a thread in each call; needs four HMC indices. */
void broken_prepare(struct broken *broken, const struct abi_test *test);

/**
 * broken_check() - expect all calls to return, and their files to be dead
 * @broken: prepared
 * @error: errno with which the sessions ended
 */
void broken_check(struct broken *broken, int error);

#endif
