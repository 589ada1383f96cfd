// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel of the daemon: tests the channel on the simulated device: its
 * indices, its notifications, and its two operations. One index is tested in
 * test-vmcfs-hmc.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "device/device.h"
#include "device/sim/sim.h"
#include "log/log.h"
#include "log/segment.h"
#include "sim-channel.h"

static struct sim_channel sim;

static void setup(void)
{
	sim_channel_new(&sim, NULL, NULL);
}

static void teardown(void)
{
	sim_channel_free(&sim);
}

TestSuite(vmcfs_channel, .init = setup, .fini = teardown, .timeout = 60);

static void expect_error(const char *start)
{
	const char *sentence = sim.channel->last_error.sentence;

	cr_assert_not_null(sentence);
	cr_expect(g_str_has_prefix(sentence, start), "%s", sentence);
}

Test(vmcfs_channel, has_no_indices_before_the_handshake)
{
	struct channel *channel;
	struct sim_options options;
	struct device *device;

	sim_options_init(&options);
	options.hmcs = 7;
	cr_assert_eq(device_sim_new(&options, &device), 0);
	channel = channel_new(device, &sim_channel_config);
	cr_expect_not(channel_is_ready(channel));
	cr_expect_null(channel_hmc(channel, 0));
	cr_assert_eq(device_start(device), 0);
	SIM_CHANNEL_UNTIL(channel_is_ready(channel));
	sim_channel_rest();
	for (guint i = 0; i < 7; i++) {
		struct hmc *hmc = channel_hmc(channel, i);

		cr_assert_not_null(hmc);
		cr_expect_eq(hmc->index, i);
		cr_expect_eq(hmc->log->memory, &channel->memory);
	}
	cr_expect_null(channel_hmc(channel, 7));
	cr_expect_null(channel_hmc(channel, G_MAXUINT));
	channel_free(channel);
	channel_free(NULL);
}

Test(vmcfs_channel, notifies_its_listener)
{
	guint changes;

	cr_expect_gt(sim.changes, 0, "the handshake is reported");
	changes = sim.changes;
	sim_channel_open(&sim, "x");
	cr_expect_gt(sim.hmc_changes, 0);
	cr_expect_eq(sim.changes, changes);
	sim_channel_say(&sim, "sim reset terminated");
	SIM_CHANNEL_UNTIL(channel_is_ready(sim.channel));
	cr_expect_gt(sim.changes, changes);
}

/* The directories stay, with the values recorded in them. */
Test(vmcfs_channel, keeps_its_indices_over_a_reset)
{
	struct hmc *hmc = channel_hmc(sim.channel, 1);

	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim emit 0 before");
	sim_channel_say(&sim, "sim reset partner-failed");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE &&
			  channel_is_ready(sim.channel));
	sim_channel_rest();
	cr_expect_eq(sim.channel->hmcs->len, 2);
	cr_expect_eq(channel_hmc(sim.channel, 0), sim.hmc);
	cr_expect_eq(channel_hmc(sim.channel, 1), hmc);
	cr_expect_eq(segment_size(sim.hmc->log->current), 7);
}

Test(vmcfs_channel, keeps_its_indices_separate)
{
	struct hmc *other = channel_hmc(sim.channel, 1);

	sim_channel_open(&sim, "x");
	cr_assert_eq(hmc_open(other, "y", 1), 0);
	SIM_CHANNEL_UNTIL(other->state == HMC_READY);
	hmc_send(sim.hmc, 1, "one", 3);
	hmc_send(other, 1, "other", 5);
	sim_channel_rest();
	cr_expect_eq(segment_size(sim.hmc->log->current), 3);
	cr_expect_eq(segment_size(other->log->current), 5);
	hmc_close(other);
	cr_expect(hmc_is_open(sim.hmc, 1));
}

Test(vmcfs_channel, limits_the_memory_of_all_indices)
{
	struct channel_config config = sim_channel_config;

	sim_channel_free(&sim);
	config.memory = 1 << 20;
	sim_channel_new(&sim, &config, NULL);
	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim flood 0 400 8192");
	SIM_CHANNEL_UNTIL(sim.hmc->counters.received_messages == 400);
	cr_expect_leq(sim.channel->memory.used, config.memory);
	cr_expect_eq(sim.hmc->log->total, 400);
	cr_expect_gt(sim.hmc->log->rotations, 0);
}

Test(vmcfs_channel, requests_a_device)
{
	struct device_info info;

	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	cr_expect(sim.channel->requesting);
	cr_expect_eq(channel_request_vmc(sim.channel), 0,
		     "a second request joins the first");
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(sim.channel->request_result, 0);
	device_get_info(sim.channel->device, &info);
	cr_expect_neq(info.drc_index, 0);
}

Test(vmcfs_channel, reports_a_refused_device)
{
	sim_channel_say(&sim, "sim refuse request-vmc on");
	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(sim.channel->request_result, -EPERM);
	expect_error(
		"EPERM: request-vmc: the hypervisor did not provide a device: "
		"not permitted; only root may request");
	sim_channel_say(&sim, "sim refuse request-vmc off");
	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(sim.channel->request_result, 0);
}

Test(vmcfs_channel, passes_commands_to_the_device)
{
	cr_expect_eq(channel_command(sim.channel, "sim stall on", FALSE), 0);
	cr_expect_eq(channel_command(sim.channel, "sim sideways", FALSE),
		     -EINVAL);
	expect_error("EINVAL: 'sim sideways': ");
	cr_expect_eq(channel_command(sim.channel, "sim emit 0 x", TRUE),
		     -ENXIO);
	expect_error("ENXIO: 'sim emit 0 x': ");
}

Test(vmcfs_channel, shuts_down_at_once_without_a_queue)
{
	cr_expect(channel_shut_down(sim.channel), "no session is open");
	sim_channel_open(&sim, "x");
	cr_expect(channel_shut_down(sim.channel));
	cr_expect_eq(sim.hmc->state, HMC_NONE);
	cr_expect_eq(sim.hmc->result, 0);
}

Test(vmcfs_channel, shuts_down_after_all_messages_are_sent)
{
	struct hmc *other = channel_hmc(sim.channel, 1);

	sim_channel_open(&sim, "x");
	cr_assert_eq(hmc_open(other, "y", 1), 0);
	SIM_CHANNEL_UNTIL(other->state == HMC_READY);
	sim_channel_block(&sim);
	cr_expect_not(channel_shut_down(sim.channel));
	cr_expect_eq(other->state, HMC_NONE);
	cr_expect_eq(sim.hmc->state, HMC_CLOSING);
	cr_expect_not(channel_shut_down(sim.channel));
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	cr_expect_eq(sim.hmc->counters.unsent_messages, 0);
	cr_expect(channel_shut_down(sim.channel));
}
