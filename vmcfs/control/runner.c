// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One function to start a command and one to look how it goes, chosen by the
 * command's type. Only an open, a close and a request for a device ever wait.
 */
#include "runner.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../channel/hmc.h"
#include "../logging.h"
#include "grammar.h"

/**
 * struct runner - commands under way
 * @target: what they act on
 * @commands: all of them
 * @next: the one that runs, or is to run next
 * @waiting: it was started and has not ended
 * @attempt: the open it waits for, or that its close ends
 */
struct runner {
	struct runner_target target;
	GPtrArray *commands;
	guint next;
	gboolean waiting;
	guint64 attempt;
};

struct runner *runner_new(const struct runner_target *target,
			  GPtrArray *commands)
{
	struct runner *runner = g_new0(struct runner, 1);

	runner->target = *target;
	runner->commands = commands;
	return runner;
}

void runner_free(struct runner *runner)
{
	if (!runner)
		return;
	g_ptr_array_unref(runner->commands);
	g_free(runner);
}

int runner_check(const struct runner_target *target, GPtrArray *commands)
{
	for (guint i = 0; i < commands->len; i++) {
		const struct command *command = g_ptr_array_index(commands, i);
		int error = 0;

		if (command->type == COMMAND_DEVICE)
			error = channel_command(target->channel, command->line,
						FALSE);
		if (error)
			return error;
	}
	return 0;
}

/* What was begun without an error has its end still to come. */
static int begun(int error)
{
	return error ? error : -EINPROGRESS;
}

static int start(const struct runner *runner, const struct command *command)
{
	const struct runner_target *target = &runner->target;

	switch (command->type) {
	case COMMAND_OPEN:
		return begun(
			hmc_open(target->hmc, command->id, command->id_len));
	case COMMAND_CLOSE:
		return hmc_close(target->hmc);
	case COMMAND_ROTATE:
		return hmc_rotate(target->hmc);
	case COMMAND_REQUEST_VMC:
		return begun(channel_request_vmc(target->channel));
	case COMMAND_LOG_LEVEL:
		target->logging->level = command->level;
		return 0;
	case COMMAND_DEVICE:
		return channel_command(target->channel, command->line, TRUE);
	}
	return -EINVAL;
}

static int look(const struct runner *runner, const struct command *command)
{
	const struct channel *channel = runner->target.channel;
	const struct hmc *hmc = runner->target.hmc;

	switch (command->type) {
	case COMMAND_OPEN:
		if (hmc->attempt != runner->attempt)
			return -ECONNRESET;
		if (hmc->state == HMC_OPENING)
			return -EINPROGRESS;
		return hmc->state == HMC_NONE ? hmc->result : 0;
	case COMMAND_CLOSE:
		if (hmc->attempt != runner->attempt)
			return 0;
		return hmc->state == HMC_CLOSING ? -EINPROGRESS : hmc->result;
	case COMMAND_REQUEST_VMC:
		return channel->requesting ? -EINPROGRESS :
					     channel->request_result;
	default:
		return 0;
	}
}

int runner_run(struct runner *runner)
{
	while (runner->next < runner->commands->len) {
		const struct command *command =
			g_ptr_array_index(runner->commands, runner->next);
		int error = runner->waiting ? look(runner, command) :
					      start(runner, command);

		if (!runner->waiting && runner->target.hmc)
			runner->attempt = runner->target.hmc->attempt;
		runner->waiting = error == -EINPROGRESS;
		if (error)
			return error;
		runner->next++;
	}
	return 0;
}

void runner_cancel(struct runner *runner)
{
	const struct command *command =
		g_ptr_array_index(runner->commands, runner->next);
	struct hmc *hmc = runner->target.hmc;

	if (command->type == COMMAND_OPEN && hmc->state == HMC_OPENING &&
	    hmc->attempt == runner->attempt)
		hmc_abort(hmc, -EINTR, "interrupted");
}
