/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries out the commands of one write, one after the other, each to its end
 * before the next begins; the first that fails stops the rest. It waits for
 * nothing itself: it is poked when something changed. It knows no request.
 */
#ifndef VMCFS_RUNNER_H
#define VMCFS_RUNNER_H

#include <glib.h>

struct channel;
struct hmc;
struct logging;

/**
 * struct runner_target - what the commands act on
 * @channel: always
 * @hmc: the HMC index, or NULL for the commands of the channel
 * @logging: for log-level
 */
struct runner_target {
	struct channel *channel;
	struct hmc *hmc;
	struct logging *logging;
};

struct runner;

/**
 * runner_new() - take commands over, run none yet
 * @target: copied
 * @commands: array of struct command, becomes the runner's
 */
struct runner *runner_new(const struct runner_target *target,
			  GPtrArray *commands);

/**
 * runner_free() - end it
 * @runner: NULL is allowed. What it waits for is not stopped by this
 */
void runner_free(struct runner *runner);

/**
 * runner_check() - ask who else has a word to say whether all lines are in
 * the grammar
 * @target: as for runner_new()
 * @commands: array of struct command
 *
 * Return: 0, or -EINVAL with the sentence in the target's last error.
 */
int runner_check(const struct runner_target *target, GPtrArray *commands);

/**
 * runner_run() - go on as far as possible
 * @runner: not ended
 *
 * Return: 0 when all is done, -EINPROGRESS if it has to wait for a change,
 * else the error of the command that failed.
 */
int runner_run(struct runner *runner);

/**
 * runner_leave() - wait no longer for the command that is under way
 * @runner: runner_run() returned -EINPROGRESS
 * @error: negative errno that is about to be returned to the writer
 * @why: clause for the last error of the target
 *
 * The command goes on, and a runner that starts the same command joins it.
 * The commands after it are not started.
 */
void runner_leave(struct runner *runner, int error, const char *why);

#endif
