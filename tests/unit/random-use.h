/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated channel that is used at random: sessions come and go, messages
 * of both sides cross, the hypervisor is slow or silent, the channel breaks.
 * The clock is a variable and the random numbers depend on the seed alone, so
 * that each run can be had again. Every message carries its number, so that
 * its order is checked where it is taken.
 */
#ifndef TESTS_UNIT_RANDOM_USE_H
#define TESTS_UNIT_RANDOM_USE_H

#include "sim/sim.h"

/* Two more than there are indices, so that some have to wait. */
#define RANDOM_USE_USERS 8

/**
 * struct random_user - one application
 * @session: its file session, or NULL between two
 * @held: a message that it has taken, and reads
 * @sent: messages that it has sent
 * @echoed: of these, the ones that came back
 * @emitted: messages that the hypervisor was told to send it
 * @emits: of these, the ones that came
 * @flood: number of the last message that came of the latest flood
 * @flood_count: messages in that flood
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
 * struct random_use - a channel, and who uses it
 * @sim: the channel
 * @hmcs: HMC indices that both sides have
 * @mtu: largest message of both sides
 * @now_ms: the clock
 * @random: state of the generator
 * @users: who wants sessions; two more than @hmcs are in use
 * @taken: messages that were taken in all
 * @ready: sessions that were ready at one of the rests
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

/* Make the channel and bring it up. */
void random_use_begin(struct random_use *use,
		      const struct ibmvmc_config *engine,
		      const struct vmc_hv_config *hv, u32 seed);
/* Do one thing that may be done, whatever it is. */
void random_use_step(struct random_use *use);
/*
 * Let everybody be kind, take all messages and wait until nothing is under way.
 * Messages of sessions that live have all arrived then, which is checked.
 */
void random_use_rest(struct random_use *use);
void random_use_end(struct random_use *use);

#endif
