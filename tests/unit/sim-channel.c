// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel on the simulated device: brings the channel up and iterates the main
 * context. It contains no test.
 */
#include "sim-channel.h"

#include <criterion/criterion.h>
#include <string.h>

#include "clock.h"
#include "defaults.h"
#include "device/device.h"
#include "device/sim/sim.h"
#include "../lib/quiet-log.h"

const struct channel_config sim_channel_config = {
	.clock = &clock_system,
	.history = 64 * KIB,
	.memory = 4 * MIB,
	.sendq = 1000,
	.send_timeout_ms = 100,
	.open_timeout_ms = 5000,
};

static void on_changed(void *data)
{
	struct sim_channel *sim = data;

	sim->changes++;
}

static void on_hmc_changed(void *data, struct hmc *hmc)
{
	struct sim_channel *sim = data;

	sim->hmc_changes += hmc->index == 0;
}

static const struct channel_listener listener = {
	.hmc_changed = on_hmc_changed,
	.changed = on_changed,
};

/*
 * Lines of the log would be part of the output in TAP. A log writer can be set
 * once only.
 */
static void be_quiet(void)
{
	static gsize once;

	if (!g_once_init_enter(&once))
		return;
	g_log_set_writer_func(quiet_log, NULL, NULL);
	g_once_init_leave(&once, 1);
}

void sim_channel_new(struct sim_channel *sim,
		     const struct channel_config *config,
		     const struct sim_options *options)
{
	struct sim_options defaults;
	struct device *device;

	be_quiet();
	sim_options_init(&defaults);
	*sim = (struct sim_channel){ 0 };
	cr_assert_eq(device_sim_new(options ? options : &defaults, &device), 0);
	sim->channel =
		channel_new(device, config ? config : &sim_channel_config);
	channel_listen(sim->channel, &listener, sim);
	cr_assert_eq(device_start(device), 0);
	SIM_CHANNEL_UNTIL(channel_is_ready(sim->channel));
	sim_channel_rest();
	sim->hmc = channel_hmc(sim->channel, 0);
	cr_assert_not_null(sim->hmc);
}

void sim_channel_free(struct sim_channel *sim)
{
	channel_listen(sim->channel, NULL, NULL);
	channel_free(sim->channel);
}

void sim_channel_rest(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

void sim_channel_say(struct sim_channel *sim, const char *line)
{
	cr_assert_eq(channel_command(sim->channel, line, TRUE), 0, "%s: %s",
		     line, sim->channel->last_error.sentence);
	sim_channel_rest();
}

void sim_channel_open(struct sim_channel *sim, const char *id)
{
	cr_assert_eq(hmc_open(sim->hmc, id, strlen(id)), 0);
	SIM_CHANNEL_UNTIL(sim->hmc->state != HMC_OPENING);
	cr_assert_eq(sim->hmc->state, HMC_READY);
	sim_channel_rest();
}

guint64 sim_channel_block(struct sim_channel *sim)
{
	guint64 before = sim->hmc->counters.sent_messages;

	sim_channel_say(sim, "sim stall on");
	while (!sendq_length(&sim->hmc->sendq))
		cr_assert_eq(hmc_send(sim->hmc, sim->hmc->serial, "0", 1), 0);
	sim_channel_rest();
	cr_assert_eq(sendq_length(&sim->hmc->sendq), 1);
	return sim->hmc->counters.sent_messages - before;
}
