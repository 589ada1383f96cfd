/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A channel on the simulated device, for the tests of what stands above it. It
 * runs in the default main context, which the tests turn: what takes no time
 * ends in sim_channel_rest(); what takes some, in SIM_CHANNEL_UNTIL().
 */
#ifndef TESTS_UNIT_SIM_CHANNEL_H
#define TESTS_UNIT_SIM_CHANNEL_H

#include "channel/channel.h"
#include "device/sim/sim.h"

/**
 * struct sim_channel - a channel, and what its listener was told
 * @channel: its two indices are there, without sessions
 * @hmc: its index 0
 * @changes: how often the listener was told that the channel changed
 * @hmc_changes: the same for index 0
 */
struct sim_channel {
	struct channel *channel;
	struct hmc *hmc;
	guint changes;
	guint hmc_changes;
};

/* A send queue of 1000 bytes, 100 ms to send, 5 s to open. */
extern const struct channel_config sim_channel_config;

/* Turn the main context until something is so; it must become so. */
#define SIM_CHANNEL_UNTIL(condition)                          \
	do {                                                  \
		while (!(condition))                          \
			g_main_context_iteration(NULL, TRUE); \
	} while (0)

/* Make the channel and bring it up; NULL for the defaults. */
void sim_channel_new(struct sim_channel *sim,
		     const struct channel_config *config,
		     const struct sim_options *options);
void sim_channel_free(struct sim_channel *sim);
/* Turn the main context until nothing is left that could be done at once. */
void sim_channel_rest(void);
/* Carry out a command of the simulated device, and all that comes of it. */
void sim_channel_say(struct sim_channel *sim, const char *line);
/* Open a session on index 0, which must succeed. */
void sim_channel_open(struct sim_channel *sim, const char *id);
/*
 * Stall the hypervisor, and send one-byte messages until one is queued.
 * Return how many the device has taken.
 */
guint64 sim_channel_block(struct sim_channel *sim);

#endif
