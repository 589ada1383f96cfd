/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random use: uses a simulated channel at random. Sessions come and go,
 * messages of both sides cross, the hypervisor is slow or silent, the channel
 * breaks. The buffers of both sides are compared elsewhere.
 *
 * The clock is a variable and the random numbers depend on the seed alone, so
 * that each run can be repeated. Every message carries its number, so that
 * readers can check the order.
 */
#ifndef TESTS_UNIT_RANDOM_USE_H
#define TESTS_UNIT_RANDOM_USE_H

#include "sim/vmc-sim.h"

/* Two users more than indices, so that some have to wait. */
#define RANDOM_USE_USERS 8

/**
 * struct random_user - application
 * @session: file session, or NULL between two sessions
 * @held: message that is being read, or NULL
 * @sent: number of messages sent
 * @echoed: number of sent messages that were echoed
 * @emitted: number of messages that the hypervisor was requested to send
 * @emits: number of those messages that arrived
 * @flood: number of the last message of the latest flood that arrived
 * @flood_count: number of messages in that flood
 */
struct random_user {
	struct ibmvmc_file_session *session;
	struct ibmvmc_storage *held;
	u32 sent;
	u32 echoed;
	u32 emitted;
	u32 emits;
	u64 flood;
	u64 flood_count;
};

/**
 * struct random_use - channel and its users
 * @sim: simulated channel
 * @hmcs: number of HMC indices that both sides have
 * @mtu: largest message of both sides in bytes
 * @now_ms: clock in milliseconds
 * @random: state of the generator
 * @users: applications; @hmcs + 2 of them are in use
 * @taken: number of messages that were taken
 * @ready: number of sessions that were ready when the channel was at rest
 */
struct random_use {
	struct vmc_sim *sim;
	u32 hmcs;
	u32 mtu;
	u64 now_ms;
	u32 random;
	struct random_user users[RANDOM_USE_USERS];
	u64 taken;
	u64 ready;
};

/* Creates the channel and brings it up. */
void random_use_begin(struct random_use *use,
		      const struct ibmvmc_config *engine,
		      const struct vmc_hv_config *hv, u32 seed);
/* Performs one random action that is possible now. */
void random_use_step(struct random_use *use);
/*
 * Ends all faults, takes all messages and waits until nothing is in progress.
 * Checks that all messages of live sessions have arrived.
 */
void random_use_rest(struct random_use *use);
void random_use_end(struct random_use *use);

#endif
