// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the text of a write to a runner, and from its end to the answer.
 */
#include "control.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../control/grammar.h"
#include "../control/runner.h"
#include "parked.h"
#include "reply.h"

/* A write that waits for the end of a command. */
struct waiting_command {
	struct parked parked;
	struct runner *runner;
	gsize size;
};

static void command_ended(struct parked *parked, const char *why)
{
	runner_leave(((struct waiting_command *)parked)->runner, -EINTR, why);
}

static void command_timed_out(struct parked *parked)
{
	runner_leave(((struct waiting_command *)parked)->runner, -ETIMEDOUT,
		     "the time for one write to a control file is up");
	reply_error(parked_take(parked), -ETIMEDOUT);
}

static void free_command(struct parked *parked)
{
	struct waiting_command *command = (struct waiting_command *)parked;

	runner_free(command->runner);
	g_free(command);
}

static const struct parked_ops command_ops = {
	.outlasts_signals = TRUE,
	.ended = command_ended,
	.timed_out = command_timed_out,
	.free = free_command,
};

/* One open and one close fit into the time, whatever else the lines are. */
static void park(fuse_req_t req, struct tree *tree, GQueue *queue,
		 struct runner *runner, gsize size)
{
	const struct channel_config *config = &tree->channel->config;
	struct waiting_command *command = g_new0(struct waiting_command, 1);

	command->runner = runner;
	command->size = size;
	parked_init(&command->parked, tree->parking, req, queue, &command_ops,
		    config->open_timeout_ms + config->send_timeout_ms);
}

static int parse(const struct runner_target *target, const char *data,
		 gsize size, GPtrArray **commands)
{
	struct last_error *last = target->hmc ? &target->hmc->last_error :
						&target->channel->last_error;
	g_autofree char *why = NULL;
	int error = grammar_parse(target->hmc ? SCOPE_HMC : SCOPE_CHANNEL, data,
				  size, commands, &why);

	if (error)
		return last_error_set(last, error, "control: %s", why);
	error = runner_check(target, *commands);
	if (error)
		g_clear_pointer(commands, g_ptr_array_unref);
	return error;
}

static void answer(fuse_req_t req, int error, gsize size)
{
	if (error)
		reply_error(req, error);
	else
		reply_written(req, size);
}

void control_write(fuse_req_t req, struct tree *tree, struct handle *handle,
		   const char *data, gsize size)
{
	struct hmc_files *files = handle->node.files;
	struct runner_target target = {
		.channel = tree->channel,
		.hmc = files ? files->hmc : NULL,
		.logging = tree->logging,
	};
	GPtrArray *commands = NULL;
	struct runner *runner;
	int error = parse(&target, data, size, &commands);

	if (error) {
		reply_error(req, error);
		return;
	}
	runner = runner_new(&target, commands);
	error = runner_run(runner);
	if (error == -EINPROGRESS) {
		park(req, tree, files ? &files->commands : &tree->commands,
		     runner, size);
		return;
	}
	runner_free(runner);
	answer(req, error, size);
}

void control_wake(GQueue *commands)
{
	GList *link = commands->head;

	while (link) {
		struct waiting_command *command = link->data;
		gsize size = command->size;
		int error = runner_run(command->runner);

		link = link->next;
		if (error != -EINPROGRESS)
			answer(parked_take(&command->parked), error, size);
	}
}
