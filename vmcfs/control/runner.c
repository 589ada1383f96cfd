// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One function to start a command and one to look how it goes, chosen by the
 * command's type. Only an open, a close and a request for a device ever wait.
 */
#include "runner.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../channel/hmc.h"
#include "../log/log.h"
#include "../logging.h"
#include "grammar.h"

/**
 * struct runner - commands under way
 * @target: what they act on
 * @commands: all of them
 * @next: the one that runs, or is to run next
 * @waiting: it was started and has not ended
 * @serial: of the newest session when an open was started
 */
struct runner {
	struct runner_target target;
	GPtrArray *commands;
	guint next;
	gboolean waiting;
	guint64 serial;
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

static int start(struct runner *runner, const struct command *command)
{
	const struct runner_target *target = &runner->target;

	switch (command->type) {
	case COMMAND_OPEN: {
		int error = hmc_open(target->hmc, command->id, command->id_len);

		runner->serial = target->hmc->serial;
		return error ? error : -EINPROGRESS;
	}
	case COMMAND_CLOSE:
		return hmc_close(target->hmc);
	case COMMAND_ROTATE:
		return log_rotate(target->hmc->log);
	case COMMAND_REQUEST_VMC: {
		int error = channel_request_vmc(target->channel);

		return error ? error : -EINPROGRESS;
	}
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
		if (hmc->serial != runner->serial)
			return 0;
		return hmc->state == HMC_OPENING ? -EINPROGRESS : hmc->result;
	case COMMAND_CLOSE:
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

	if (command->type == COMMAND_OPEN &&
	    runner->target.hmc->state == HMC_OPENING)
		hmc_abort(runner->target.hmc, -EINTR, "interrupted");
}
