// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runner: starts commands and checks their progress, by type. It does not wait.
 *
 * Only an open, a close and a request for a device may not end at once.
 */
#include "control.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../channel/hmc.h"
#include "../logging.h"
#include "../notice.h"

/**
 * struct runner - commands of one write
 * @target: objects that the commands act on
 * @commands: array of struct command
 * @next: index of the present command
 * @waiting: TRUE if the present command was started and has not ended
 * @attempt: number of the open that the command waits for, or that its close
 *	ends
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

/* A command that began without an error is in progress. */
static int begun(int error)
{
	return error ? error : -EINPROGRESS;
}

static int start_open(const struct runner_target *target,
		      const struct command *command)
{
	if (target->hmc->state == HMC_NONE)
		target->hmc->caller = target->caller;
	return hmc_open(target->hmc, command->id, command->id_len);
}

static int start_close(const struct runner_target *target)
{
	if (target->hmc->state != HMC_CLOSING)
		target->hmc->caller = target->caller;
	return hmc_close(target->hmc);
}

static void set_level(const struct runner_target *target, GLogLevelFlags level)
{
	const struct notice notice = { .kind = NOTICE_LEVEL,
				       .hmc = NOTICE_NO_HMC,
				       .caller = target->caller };
	const char *before = logging_level_word(target->logging);
	g_autofree char *by =
		notice_caller(&target->caller, "an unknown process");

	if (level == target->logging->level)
		return;
	target->logging->level = level;
	notice_log(&notice, "the log level was changed from %s to %s by %s",
		   before, logging_level_word(target->logging), by);
}

static int start(const struct runner *runner, const struct command *command)
{
	const struct runner_target *target = &runner->target;

	switch (command->type) {
	case COMMAND_OPEN:
		return begun(start_open(target, command));
	case COMMAND_CLOSE:
		return start_close(target);
	case COMMAND_ROTATE:
		hmc_rotate(target->hmc);
		return 0;
	case COMMAND_REQUEST_VMC:
		return begun(channel_request_vmc(target->channel));
	case COMMAND_LOG_LEVEL:
		set_level(target, command->level);
		return 0;
	case COMMAND_DEVICE:
		return channel_command(target->channel, command->line, TRUE);
	}
	return -EINVAL;
}

static int look_at_session(const struct runner *runner,
			   const struct command *command, struct hmc *hmc)
{
	switch (command->type) {
	case COMMAND_OPEN:
		if (hmc->attempt != runner->attempt)
			return last_error_set(
				&hmc->last_error, -ECONNRESET,
				"open of hmc%u: another process closed it meanwhile",
				hmc->index);
		if (hmc->state == HMC_OPENING)
			return -EINPROGRESS;
		return hmc->state == HMC_NONE ? hmc->result : 0;
	case COMMAND_CLOSE:
		if (hmc->attempt != runner->attempt)
			return 0;
		return hmc->state == HMC_CLOSING ? -EINPROGRESS : hmc->result;
	default:
		return 0;
	}
}

static int look(const struct runner *runner, const struct command *command)
{
	const struct channel *channel = runner->target.channel;

	if (runner->target.hmc)
		return look_at_session(runner, command, runner->target.hmc);
	if (command->type != COMMAND_REQUEST_VMC)
		return 0;
	return channel->requesting ? -EINPROGRESS : channel->request_result;
}

static struct last_error *target_error(const struct runner *runner)
{
	const struct runner_target *target = &runner->target;

	return target->hmc ? &target->hmc->last_error :
			     &target->channel->last_error;
}

static const struct command *next_command(const struct runner *runner)
{
	return g_ptr_array_index(runner->commands, runner->next);
}

/* Names the failed line, with its number if the write has several lines. */
static char *where(const struct runner *runner)
{
	const struct command *command = next_command(runner);

	if (runner->commands->len == 1)
		return g_strdup_printf("'%.64s': ", command->line);
	return g_strdup_printf("line %u, '%.64s': ", command->number,
			       command->line);
}

static const char *done(const struct runner *runner)
{
	if (runner->commands->len == 1)
		return "";
	return runner->next ? "; the lines before it were done" :
			      "; no line was done";
}

static int explain(const struct runner *runner, int error)
{
	g_autofree char *before = where(runner);

	if (runner->commands->len == 1)
		return error;
	return last_error_add(target_error(runner), error, before,
			      done(runner));
}

/* A command may be done when it starts, if it joins an earlier one. */
static int step(struct runner *runner)
{
	const struct command *command = next_command(runner);
	int error = 0;

	if (!runner->waiting) {
		error = start(runner, command);
		if (runner->target.hmc)
			runner->attempt = runner->target.hmc->attempt;
		runner->waiting = error == -EINPROGRESS;
	}
	if (runner->waiting)
		error = look(runner, command);
	if (error == -EINPROGRESS)
		return error;
	runner->waiting = FALSE;
	return error ? explain(runner, error) : 0;
}

int runner_run(struct runner *runner)
{
	while (runner->next < runner->commands->len) {
		int error = step(runner);

		if (error)
			return error;
		runner->next++;
	}
	return 0;
}

void runner_leave(struct runner *runner, int error, const char *why)
{
	const struct command *command = next_command(runner);
	struct hmc *hmc = runner->target.hmc;
	g_autofree char *before = where(runner);

	if (command->type == COMMAND_OPEN && hmc->attempt == runner->attempt)
		hmc_leave(hmc);
	last_error_set(
		target_error(runner), error,
		"%s%s; the command continues, and the same command joins it%s",
		before, why, done(runner));
}
