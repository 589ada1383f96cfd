/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker processes: they are started, killed and started again, stopped
 * and continued, and must end when they are asked to. It makes no call on the
 * tree.
 */
#ifndef FUZZ_HERD_H
#define FUZZ_HERD_H

#include <sys/types.h>

#include "world.h"

#define HERD_MAX 64

/**
 * struct member - one worker process
 * @pid: process, 0 if there is none
 * @writer: number of its first thread
 * @killed: time of the SIGKILL in ns, or 0
 * @stopped: time of the SIGSTOP in ns, or 0
 */
struct member {
	pid_t pid;
	uint32_t writer;
	uint64_t killed;
	uint64_t stopped;
};

/**
 * struct herd - all of them
 * @world: shared memory
 * @random: sequence of kills and stops
 * @count: members
 * @members: the table
 */
struct herd {
	struct world *world;
	uint64_t random;
	unsigned int count;
	struct member members[HERD_MAX];
};

/**
 * herd_start() - start all
 * @herd: uninitialised
 * @world: shared memory
 */
void herd_start(struct herd *herd, struct world *world);

/**
 * herd_run() - kill, stop and continue members until the time is over
 * @herd: started
 */
void herd_run(struct herd *herd);

/**
 * herd_end() - wait for the end of all; one that does not end is a fault
 * @herd: the world has stopped
 */
void herd_end(struct herd *herd);

#endif
