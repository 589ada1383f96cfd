/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Witness: runs two readers of each HMC index, which are never killed, and
 * records their messages. The witness opens sessions, reads all their messages
 * on a channel, and publishes the session that it reads; the follower reads
 * the log by name, as tail -F does. They do not check the messages.
 */
#ifndef FUZZ_WITNESS_H
#define FUZZ_WITNESS_H

#include <pthread.h>

#include "world.h"

/**
 * struct witness - two readers of one index
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
 * @witness: uninitialised; must outlive the threads
 * @world: shared memory
 * @index: HMC index
 */
void witness_start(struct witness *witness, struct world *world, int index);

/**
 * witness_join() - wait until both have read everything
 * @witness: started witness, of a world whose stop is 2
 */
void witness_join(struct witness *witness);

#endif
