/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that wait in every call that waits, for cases in which the channel
 * breaks meanwhile. How it breaks is the case's own matter.
 */
#ifndef ABI_BROKEN_H
#define ABI_BROKEN_H

#include "caller.h"
#include "case.h"

/* broken_prepare() silences the hypervisor. */
#define BROKEN_NEEDS KNOB_BIT(KNOB_STALL)

/**
 * struct broken - the threads, and what they work on
 * @test: what is tested
 * @files: one with a session that reads, an old one that reads, one that
 *	writes, one that is being opened
 * @callers: their threads, and one that polls the first file
 * @buffers: what the readers read into
 */
struct broken {
	const struct abi_test *test;
	int files[4];
	struct caller callers[5];
	char buffers[2][64];
};

/* Lets a thread wait in each call; it needs four HMC indices. */
void broken_prepare(struct broken *broken, const struct abi_test *test);

/**
 * broken_check() - all of them come back, and their files are dead
 * @broken: prepared
 * @error: what killed the sessions
 */
void broken_check(struct broken *broken, int error);

#endif
