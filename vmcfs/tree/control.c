// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control: parses a write to a control file, runs its commands and answers it.
 * It does not serve reads: text-file.c does.
 */
#include "files.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../control/control.h"
#include "../device/device.h"
#include "pending.h"
#include "reply.h"

/* A pending write, which waits for the end of a command. */
struct waiting_command {
	struct pending pending;
	struct runner *runner;
	gsize size;
};

static void command_ended(struct pending *pending, const char *why)
{
	runner_leave(((struct waiting_command *)pending)->runner, -EINTR, why);
}

static void command_timed_out(struct pending *pending)
{
	runner_leave(((struct waiting_command *)pending)->runner, -ETIMEDOUT,
		     "the time for one write to a control file has expired");
	reply_error(pending_take(pending, PROBE_WAKE_TIMEOUT), -ETIMEDOUT);
}

static void free_command(struct pending *pending)
{
	struct waiting_command *command = (struct waiting_command *)pending;

	runner_free(command->runner);
	g_free(command);
}

static const struct pending_ops command_ops = {
	.outlasts_signals = TRUE,
	.ended = command_ended,
	.timed_out = command_timed_out,
	.free = free_command,
};

/* The time limit allows for one open and one close. */
static void defer(fuse_req_t req, struct tree *tree, struct hmc_files *files,
		  struct runner *runner, gsize size)
{
	const struct channel_config *config = &tree->channel->config;
	struct waiting_command *command = g_new0(struct waiting_command, 1);

	command->runner = runner;
	command->size = size;
	PROBE_WAIT(req, PROBE_WAIT_COMMAND, files ? (int)files->hmc->index : -1,
		   fuse_req_ctx(req)->pid);
	pending_init(&command->pending, tree->requests, req,
		     files ? &files->commands : &tree->commands, &command_ops,
		     config->open_timeout_ms + config->send_timeout_ms);
}

static int parse(const struct runner_target *target, const char *data,
		 gsize size, GPtrArray **commands)
{
	struct last_error *last = target->hmc ? &target->hmc->last_error :
						&target->channel->last_error;
	g_autofree char *why = NULL;
	int error = grammar_parse(target->hmc ? SCOPE_HMC : SCOPE_CHANNEL,
				  target->channel->device->ops->word, data,
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
		.caller = reply_caller(req),
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
		defer(req, tree, files, runner, size);
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
			answer(pending_take(&command->pending,
					    PROBE_WAKE_READY),
			       error, size);
	}
}
