/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Herd: starts, kills, restarts, stops and continues the worker processes, and
 * waits for their end. It makes no call on the tree.
 */
#ifndef FUZZ_HERD_H
#define FUZZ_HERD_H

#include <sys/types.h>

#include "world.h"

#define HERD_MAX 64

/**
 * struct member - worker process
 * @pid: process, or 0
 * @writer: number of its first thread
 * @killed: time of the SIGKILL in nanoseconds, or 0
 * @stopped: time of the SIGSTOP in nanoseconds, or 0
 */
struct member {
	pid_t pid;
	uint32_t writer;
	uint64_t killed;
	uint64_t stopped;
};

/**
 * struct herd - all worker processes
 * @world: shared memory
 * @random: state of the random sequence of kills and stops
 * @count: number of members
 * @members: array of @count members
 */
struct herd {
	struct world *world;
	uint64_t random;
	unsigned int count;
	struct member members[HERD_MAX];
};

/**
 * herd_start() - start all members
 * @herd: uninitialised herd
 * @world: shared memory
 */
void herd_start(struct herd *herd, struct world *world);

/**
 * herd_run() - kill, stop and continue members until the time is over
 * @herd: started herd
 */
void herd_run(struct herd *herd);

/**
 * herd_end() - wait for the end of all members, and report those that hang
 * @herd: herd of a world that has stopped
 */
void herd_end(struct herd *herd);

#endif
