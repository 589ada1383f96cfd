// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runner: tests the execution of commands on the simulated device: one after
 * the other, each to its end, none after a failure. The syntax is tested in
 * test-grammar.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "control/control.h"
#include "log/log.h"
#include "logging.h"
#include "sim-channel.h"

static struct sim_channel sim;
static struct logging logging;
static struct runner *runner;
static struct runner_target target;

static void setup(void)
{
	logging.level = G_LOG_LEVEL_MESSAGE;
	sim_channel_new(&sim, NULL, NULL);
	target = (struct runner_target){
		.channel = sim.channel,
		.logging = &logging,
	};
}

static void teardown(void)
{
	runner_free(runner);
	sim_channel_free(&sim);
}

TestSuite(runner, .init = setup, .fini = teardown, .timeout = 60);

static GPtrArray *parse(gboolean of_hmc, const char *text)
{
	GPtrArray *commands = NULL;
	g_autofree char *why = NULL;

	target.hmc = of_hmc ? sim.hmc : NULL;
	cr_assert_eq(grammar_parse(of_hmc ? SCOPE_HMC : SCOPE_CHANNEL, "sim",
				   text, strlen(text), &commands, &why),
		     0);
	return commands;
}

/* Starts the lines of an index, or of the channel. */
static int begin(gboolean of_hmc, const char *text)
{
	runner_free(runner);
	runner = runner_new(&target, parse(of_hmc, text));
	return runner_run(runner);
}

/* Starts the lines and waits for the end. */
static int run(gboolean of_hmc, const char *text)
{
	int error = begin(of_hmc, text);

	while (error == -EINPROGRESS) {
		g_main_context_iteration(NULL, TRUE);
		error = runner_run(runner);
	}
	return error;
}

static void expect_error(const char *beginning)
{
	cr_assert_not_null(sim.hmc->last_error.sentence);
	cr_expect(g_str_has_prefix(sim.hmc->last_error.sentence, beginning),
		  "%s", sim.hmc->last_error.sentence);
}

Test(runner, an_empty_write_ends_at_once)
{
	cr_expect_eq(begin(TRUE, ""), 0);
	cr_expect_eq(begin(FALSE, "\n\n"), 0);
	runner_free(NULL);
}

Test(runner, runs_nothing_before_it_is_started)
{
	runner = runner_new(&target, parse(FALSE, "log-level debug"));
	cr_expect_eq(logging.level, G_LOG_LEVEL_MESSAGE);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(logging.level, G_LOG_LEVEL_DEBUG);
}

Test(runner, an_open_is_waited_for)
{
	cr_expect_eq(begin(TRUE, "open me"), -EINPROGRESS);
	cr_expect_eq(runner_run(runner), -EINPROGRESS);
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(sim.hmc->id_len, 2);
	cr_expect_arr_eq(sim.hmc->id, "me", 2);
}

Test(runner, runs_all_lines_in_order)
{
	cr_expect_eq(run(TRUE, "open a\nrotate\nclose\nopen b\nrotate\n"), 0);
	cr_expect_eq(sim.hmc->serial, 2);
	cr_expect(hmc_is_open(sim.hmc, 2));
	cr_expect_arr_eq(sim.hmc->id, "b", 1);
	cr_expect_eq(sim.hmc->log->rotations, 2, "an empty segment is reused");
}

Test(runner, the_first_failure_stops_the_remaining_lines)
{
	cr_expect_eq(run(TRUE, "close\nopen a\n"), -ENXIO);
	cr_expect_eq(sim.hmc->state, HMC_NONE);
	cr_expect_eq(run(TRUE, "open a\nopen b\nrotate\n"), -EBUSY);
	cr_expect_arr_eq(sim.hmc->id, "a", 1);
	cr_expect_eq(sim.hmc->log->rotations, 0);
}

Test(runner, a_failed_open_returns_its_error)
{
	sim_channel_say(&sim, "sim refuse open on");
	cr_expect_eq(run(TRUE, "open a\nrotate"), -ECONNREFUSED);
	cr_expect_eq(sim.hmc->log->rotations, 0);
}

/* The session was ready, but is not at the time of the check. */
Test(runner, an_open_whose_session_was_lost_fails)
{
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	sim_channel_say(&sim, "sim reset self");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	cr_expect_eq(runner_run(runner), -ECONNRESET);
}

/* Another caller ended the session and started a new one. */
Test(runner, an_open_is_not_mistaken_for_another)
{
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	cr_expect_eq(hmc_close(sim.hmc), 0);
	cr_assert_eq(hmc_open(sim.hmc, "b", 1), 0);
	runner_leave(runner, -EINTR, "a signal");
	cr_expect_eq(sim.hmc->state, HMC_OPENING);
	cr_expect_not(sim.hmc->left);
	cr_expect_eq(runner_run(runner), -ECONNRESET);
	expect_error("ECONNRESET: open of hmc0: ");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
}

Test(runner, a_close_is_not_mistaken_for_another)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_expect_eq(begin(TRUE, "close"), -EINPROGRESS);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	sim_channel_open(&sim, "y");
	sim_channel_block(&sim);
	cr_assert_eq(hmc_close(sim.hmc), -EINPROGRESS);
	cr_expect_eq(runner_run(runner), 0);
}

Test(runner, a_close_is_waited_for)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_expect_eq(begin(TRUE, "close\nrotate"), -EINPROGRESS);
	cr_expect_eq(sim.hmc->state, HMC_CLOSING);
	cr_expect_eq(runner_run(runner), -EINPROGRESS);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(sim.hmc->log->rotations, 1);
}

Test(runner, a_close_fails_if_messages_were_not_sent)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_expect_eq(run(TRUE, "close"), -ETIMEDOUT);
	cr_expect_eq(sim.hmc->state, HMC_NONE);
}

Test(runner, an_abandoned_open_continues)
{
	sim_channel_say(&sim, "sim stall on");
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	runner_leave(runner, -EINTR, "a signal");
	expect_error("EINTR: 'open a': a signal; the command continues, and ");
	cr_expect_eq(sim.hmc->state, HMC_OPENING);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
}

Test(runner, an_open_joins_an_abandoned_one)
{
	sim_channel_say(&sim, "sim stall on");
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	cr_expect_eq(run(TRUE, "open a"), -EBUSY,
		     "an open whose writer waits is not joined");
	hmc_leave(sim.hmc);
	cr_expect_eq(run(TRUE, "open b"), -EBUSY);
	cr_expect_eq(run(TRUE, "open aa"), -EBUSY);
	cr_expect_eq(begin(TRUE, "open a\nrotate"), -EINPROGRESS);
	cr_expect_eq(hmc_open(sim.hmc, "a", 1), -EBUSY,
		     "only one caller joins an abandoned open");
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(sim.hmc->serial, 1);
	cr_expect_eq(sim.hmc->log->rotations, 1);
}

Test(runner, an_open_joins_an_abandoned_one_that_is_complete)
{
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	runner_leave(runner, -EINTR, "a signal");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	cr_expect_eq(begin(TRUE, "open a"), 0);
	cr_expect_eq(run(TRUE, "open a"), -EBUSY);
	cr_expect_eq(sim.hmc->serial, 1);
}

Test(runner, an_open_joins_nothing_after_a_close)
{
	cr_expect_eq(begin(TRUE, "open a"), -EINPROGRESS);
	runner_leave(runner, -EINTR, "a signal");
	cr_expect_eq(run(TRUE, "close\nopen b"), 0);
	cr_expect_eq(run(TRUE, "open a"), -EBUSY);
	cr_expect_eq(run(TRUE, "close\nopen a\nclose"), 0);
}

Test(runner, an_abandoned_close_continues)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_expect_eq(begin(TRUE, "close"), -EINPROGRESS);
	runner_leave(runner, -ETIMEDOUT, "the time is up");
	expect_error(
		"ETIMEDOUT: 'close': the time is up; the command continues, and ");
	cr_expect_eq(sim.hmc->state, HMC_CLOSING);
	cr_expect_eq(begin(TRUE, "close"), -EINPROGRESS);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(sim.hmc->counters.unsent_messages, 0);
}

Test(runner, the_error_of_several_lines_names_the_line)
{
	cr_expect_eq(run(TRUE, "\nopen a\n# rotate\nopen b\nrotate"), -EBUSY);
	expect_error("EBUSY: line 4, 'open b': open of hmc0: a session is open "
		     "already; close it first; the lines before it were done");
	cr_expect_eq(run(TRUE, "open c\nrotate"), -EBUSY);
	expect_error("EBUSY: line 1, 'open c': open of hmc0: a session is open "
		     "already; close it first; no line was done");
	cr_expect_eq(run(TRUE, "open c"), -EBUSY);
	expect_error("EBUSY: open of hmc0: ");
	cr_expect_eq(begin(TRUE, "rotate\nclose\nopen d"), -EINPROGRESS);
	runner_leave(runner, -ETIMEDOUT, "the time is up");
	expect_error(
		"ETIMEDOUT: line 3, 'open d': the time is up; the command continues, "
		"and the same command joins it; the lines before it were done");
}

Test(runner, a_request_for_a_device_is_waited_for)
{
	cr_expect_eq(begin(FALSE, "request-vmc\nlog-level debug"),
		     -EINPROGRESS);
	cr_expect_eq(logging.level, G_LOG_LEVEL_MESSAGE);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	cr_expect_eq(runner_run(runner), 0);
	cr_expect_eq(logging.level, G_LOG_LEVEL_DEBUG);
	cr_expect_eq(run(FALSE, "sim refuse request-vmc on\nrequest-vmc"),
		     -EPERM);
	cr_expect_eq(run(FALSE, "request-vmc\nlog-level info"), -EPERM);
	cr_expect_eq(logging.level, G_LOG_LEVEL_DEBUG);
}

static int check(const char *text)
{
	g_autoptr(GPtrArray) commands = parse(FALSE, text);

	return runner_check(&target, commands);
}

Test(runner, checks_the_commands_of_the_device_first)
{
	cr_expect_eq(check("log-level debug\nsim stall on\nsim delay 5"), 0);
	cr_expect_eq(check("sim stall on\nsim stall sideways"), -EINVAL);
	cr_expect_not_null(strstr(sim.channel->last_error.sentence,
				  "'sim stall sideways'"));
	cr_expect_eq(check("sim "), -EINVAL);
	cr_expect_eq(logging.level, G_LOG_LEVEL_MESSAGE);
	sim_channel_open(&sim, "name");
}

Test(runner, runs_the_commands_of_the_device)
{
	sim_channel_open(&sim, "x");
	cr_expect_eq(run(FALSE, "sim emit 0 one\nsim emit 0 two"), 0);
	SIM_CHANNEL_UNTIL(sim.hmc->counters.received_messages == 2);
	cr_expect_eq(run(FALSE, "sim emit 1 x\nsim emit 0 three"), -ENXIO);
	sim_channel_rest();
	cr_expect_eq(sim.hmc->counters.received_messages, 2);
}
