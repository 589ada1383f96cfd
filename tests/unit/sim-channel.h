/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channel on the simulated device: gives a channel to the tests of the code
 * above a device. It contains no test. The channel runs in the default main
 * context, which the tests iterate: sim_channel_rest() completes everything
 * that needs no time, SIM_CHANNEL_UNTIL() waits for the rest.
 */
#ifndef TESTS_UNIT_SIM_CHANNEL_H
#define TESTS_UNIT_SIM_CHANNEL_H

#include "channel/channel.h"
#include "device/sim/sim.h"

/**
 * struct sim_channel - channel and its listener
 * @channel: channel with two indices and no session
 * @hmc: index 0 of @channel
 * @changes: number of times that the listener was notified of the channel
 * @hmc_changes: number of times that it was notified of index 0
 */
struct sim_channel {
	struct channel *channel;
	struct hmc *hmc;
	guint changes;
	guint hmc_changes;
};

/* A send queue of 1000 bytes, 100 ms to send, 5 s to open. */
extern const struct channel_config sim_channel_config;

/* Iterates the main context until a condition holds; it must become true. */
#define SIM_CHANNEL_UNTIL(condition)                          \
	do {                                                  \
		while (!(condition))                          \
			g_main_context_iteration(NULL, TRUE); \
	} while (0)

/* Creates the channel and brings it up; NULL selects the defaults. */
void sim_channel_new(struct sim_channel *sim,
		     const struct channel_config *config,
		     const struct sim_options *options);
void sim_channel_free(struct sim_channel *sim);
/* Iterates the main context until nothing is left that needs no time. */
void sim_channel_rest(void);
/* Executes a command of the simulated device, and all its consequences. */
void sim_channel_say(struct sim_channel *sim, const char *line);
/* Opens a session on index 0, which must succeed. */
void sim_channel_open(struct sim_channel *sim, const char *id);
/*
 * Stalls the hypervisor and sends one-byte messages until one is queued.
 * Returns the number of messages that the device has taken.
 */
guint64 sim_channel_block(struct sim_channel *sim);

#endif
