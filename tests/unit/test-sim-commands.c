// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands of the simulated device: tests their arguments, that a check
 * executes nothing, and the effect of each command on the channel. Fault rules
 * are tested in test-hv-fault.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "device/device.h"
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

TestSuite(sim_commands, .init = setup, .fini = teardown, .timeout = 60);

static int command(const char *line, gboolean run)
{
	g_autofree char *why = NULL;
	int error = device_command(sim.channel->device, line, run, &why);

	cr_expect_eq(error != 0, why != NULL, "%s", line);
	return error;
}

Test(sim_commands, refuses_invalid_commands)
{
	static const char *const wrong[] = {
		"sim ",
		"sim  ",
		"sim x",
		"sim emit",
		"sim emit 0",
		"sim emit 0 ",
		"sim emit x y",
		"sim emit -1 y",
		"sim emit 4294967296 y",
		"sim emit  0 y",
		"sim flood 0 1",
		"sim flood 0 1 1 1",
		"sim flood 0 x 1",
		"sim flood 0 1 -1",
		"sim stall",
		"sim stall ",
		"sim stall On",
		"sim stall on off",
		"sim stall on|off",
		"sim delay",
		"sim delay 1s",
		"sim delay 1 1",
		"sim refuse open",
		"sim refuse close on",
		"sim refuse open on x",
		"sim reset",
		"sim reset sideways",
		"sim reset self now",
		"sim Stall on",
		"sim fault",
		"sim fault ",
		"sim fault lose open",
		"sim fault drop",
		"sim fault clear now",
		"sim event",
		"sim partner maybe",
		"sim offer 1 2",
		"sim entry 1",
		"sim remove 0",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		cr_expect_eq(command(wrong[i], FALSE), -EINVAL, "'%s'",
			     wrong[i]);
		cr_expect_eq(command(wrong[i], TRUE), -EINVAL, "'%s'",
			     wrong[i]);
	}
}

Test(sim_commands, checking_executes_nothing)
{
	static const char *const lines[] = {
		"sim stall on",
		"sim delay 60000",
		"sim refuse open on",
		"sim refuse request-vmc on",
		"sim reset partner-failed",
		"sim reset self",
		"sim emit 0 text",
		"sim flood 0 100 100",
		"sim fault drop any count 1000",
		"sim partner off",
		"sim event 1",
		"sim entry c001000000000000 0",
		"sim remove 0 1",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		cr_expect_eq(command(lines[i], FALSE), 0, "%s", lines[i]);
	sim_channel_open(&sim, "x");
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		cr_expect_eq(command(lines[i], FALSE), 0, "%s", lines[i]);
	sim_channel_rest();
	cr_expect(hmc_is_open(sim.hmc, 1));
	cr_expect_eq(sim.hmc->counters.received_messages, 0);
}

Test(sim_commands, emits_the_rest_of_the_line)
{
	cr_expect_eq(command("sim emit 0 text", TRUE), -ENXIO);
	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim emit 0 a  text \"of\" words ");
	cr_assert_eq(segment_size(sim.hmc->log->current), 20);
	cr_expect_arr_eq(sim.hmc->log->current->bytes.base,
			 "a  text \"of\" words \n", 20);
	cr_expect_eq(command("sim emit 1 text", TRUE), -ENXIO);
	cr_expect_eq(command("sim emit 2 text", TRUE), -EINVAL);
}

Test(sim_commands, flood_sends_messages_and_checks_its_arguments)
{
	cr_expect_eq(command("sim flood 0 1 1", TRUE), -ENXIO);
	sim_channel_open(&sim, "x");
	cr_expect_eq(command("sim flood 0 1 0", TRUE), -EINVAL);
	cr_expect_eq(command("sim flood 0 1 16385", TRUE), -EMSGSIZE);
	cr_expect_eq(command("sim flood 0 1000 100", TRUE), 0);
	cr_expect_eq(command("sim flood 0 1000 100", TRUE), -EBUSY);
	SIM_CHANNEL_UNTIL(sim.hmc->counters.received_messages == 1000);
	cr_expect_eq(sim.hmc->counters.received_bytes, 100000);
	cr_expect_eq(command("sim flood 0 1000000 10", TRUE), 0);
	cr_expect_eq(command("sim flood 0 0 10", TRUE), 0);
	sim_channel_rest();
	cr_expect_lt(sim.hmc->counters.received_messages, 2000);
}

Test(sim_commands, stall_delays_the_channel)
{
	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim stall on");
	cr_assert_eq(hmc_send(sim.hmc, 1, "x", 1), 0);
	sim_channel_rest();
	cr_expect_eq(sim.hmc->counters.received_messages, 0);
	sim_channel_say(&sim, "sim stall off");
	cr_expect_eq(sim.hmc->counters.received_messages, 1);
}

Test(sim_commands, delay_slows_an_open_and_has_a_limit)
{
	gint64 began;

	cr_expect_eq(command("sim delay 60001", TRUE), -EINVAL);
	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim delay 50");
	began = g_get_monotonic_time();
	cr_assert_eq(hmc_send(sim.hmc, 1, "x", 1), 0);
	SIM_CHANNEL_UNTIL(sim.hmc->counters.received_messages == 1);
	cr_expect_geq(g_get_monotonic_time() - began, 45 * 1000);
	sim_channel_say(&sim, "sim delay 0");
}

Test(sim_commands, refuse_applies_to_the_named_request_only)
{
	sim_channel_say(&sim, "sim refuse open on");
	cr_assert_eq(hmc_open(sim.hmc, "x", 1), 0);
	SIM_CHANNEL_UNTIL(sim.hmc->state != HMC_OPENING);
	cr_expect_eq(sim.hmc->result, -ECONNREFUSED);
	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(sim.channel->request_result, 0,
		     "other requests are not refused");
	sim_channel_say(&sim, "sim refuse request-vmc on");
	sim_channel_say(&sim, "sim refuse open off");
	sim_channel_open(&sim, "x");
	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(sim.channel->request_result, -EPERM);
}

Test(sim_commands, fault_adds_and_clears_rules)
{
	cr_assert_eq(command("sim fault refuse open", TRUE), 0);
	cr_assert_eq(hmc_open(sim.hmc, "x", 1), 0);
	SIM_CHANNEL_UNTIL(sim.hmc->state != HMC_OPENING);
	cr_expect_eq(sim.hmc->result, -ECONNREFUSED);
	sim_channel_open(&sim, "x");
	for (int i = 0; i < 16; i++)
		cr_assert_eq(command("sim fault drop close", TRUE), 0);
	cr_expect_eq(command("sim fault drop close", TRUE), -EBUSY);
	cr_assert_eq(command("sim fault clear", TRUE), 0);
	cr_expect_eq(command("sim fault drop close", TRUE), 0);
}

Test(sim_commands, reset_breaks_the_channel_in_every_way)
{
	static const char *const kinds[] = { "partner-failed", "deregistered",
					     "terminated", "migrated", "self" };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *line =
			g_strconcat("sim reset ", kinds[i], NULL);

		sim_channel_open(&sim, "x");
		sim_channel_say(&sim, line);
		SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
		cr_expect_eq(sim.hmc->result, -ECONNRESET, "%s", kinds[i]);
		SIM_CHANNEL_UNTIL(channel_is_ready(sim.channel));
	}
}

Test(sim_commands, describes_each_command)
{
	static const char *const words[] = { "emit",  "flood",	 "stall",
					     "delay", "refuse",	 "reset",
					     "event", "partner", "remove",
					     "offer", "entry",	 "fault" };
	GString *text = g_string_new(NULL);

	sim.channel->device->ops->help(sim.channel->device, text);
	cr_expect(g_str_has_prefix(text->str, "sim "));
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *usage = g_strdup_printf("sim %s ", words[i]);

		cr_expect_not_null(strstr(text->str, usage), "%s", words[i]);
	}
	g_string_free(text, TRUE);
}
