/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two readers of each HMC index that are never killed: the witness opens
 * sessions, reads every message of them on a channel, and publishes the session
 * whose messages it sees; the follower reads the log by its name, as tail -F
 * does. Both record what they see.
 */
#ifndef FUZZ_WITNESS_H
#define FUZZ_WITNESS_H

#include <pthread.h>

#include "world.h"

/**
 * struct witness - both readers of one index
 * @world: shared memory
 * @index: HMC index
 * @channel: thread of the witness
 * @log: thread of the follower
 */
struct witness {
	struct world *world;
	int index;
	pthread_t channel;
	pthread_t log;
};

/**
 * witness_start() - start both threads
 * @witness: uninitialised, must outlive them
 * @world: shared memory
 * @index: HMC index
 */
void witness_start(struct witness *witness, struct world *world, int index);

/**
 * witness_join() - wait until both have read everything
 * @witness: started; the world has stopped with 2
 */
void witness_join(struct witness *witness);

#endif
