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

static void interrupted(struct parked *parked)
{
	runner_cancel(((struct waiting_command *)parked)->runner);
}

static void free_command(struct parked *parked)
{
	struct waiting_command *command = (struct waiting_command *)parked;

	runner_free(command->runner);
	g_free(command);
}

static const struct parked_ops command_ops = {
	.interrupted = interrupted,
	.free = free_command,
};

static void park(fuse_req_t req, GQueue *queue, struct runner *runner,
		 gsize size)
{
	struct waiting_command *command;

	if (parked_is_late(req)) {
		runner_cancel(runner);
		runner_free(runner);
		return;
	}
	command = g_new0(struct waiting_command, 1);
	command->runner = runner;
	command->size = size;
	parked_init(&command->parked, req, queue, &command_ops);
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
		park(req, files ? &files->commands : &tree->commands, runner,
		     size);
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
