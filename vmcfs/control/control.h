/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control: the grammar and the help of the control files, and the runner that
 * carries out their commands. It knows no request.
 */
#ifndef VMCFS_CONTROL_H
#define VMCFS_CONTROL_H

#include <glib.h>

#include "../notice.h"
#include "vmc/limits.h"

struct channel;
struct hmc;
struct logging;
struct runner;

/* Control files, by the commands they accept. */
enum scope {
	SCOPE_CHANNEL,
	SCOPE_HMC,
};

enum command_type {
	COMMAND_OPEN,
	COMMAND_CLOSE,
	COMMAND_ROTATE,
	COMMAND_REQUEST_VMC,
	COMMAND_LOG_LEVEL,
	COMMAND_DEVICE, /* parsed by the device */
};

/**
 * struct command - one line of a control file
 * @type: kind of command
 * @number: number of the line in its write, from 1
 * @line: text of the line, without its newline
 * @id: COMMAND_OPEN: name of the application
 * @id_len: COMMAND_OPEN: length of @id in bytes
 * @level: COMMAND_LOG_LEVEL: the level
 */
struct command {
	enum command_type type;
	guint number;
	char *line;
	guint8 id[VMC_HMC_ID_LEN];
	gsize id_len;
	GLogLevelFlags level;
};

/**
 * grammar_parse_id() - parse the name of an application
 * @text: NUL terminated: 1 to VMC_HMC_ID_LEN printable ASCII characters, or
 *	"hex:" and two digits for each byte
 * @command: @id and @id_len are set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0 or -EINVAL.
 */
int grammar_parse_id(const char *text, struct command *command, char **why);

/**
 * grammar_parse() - parse all lines of a write
 * @scope: control file
 * @device_word: first word of the device's own commands, or NULL
 * @text: @len bytes, not checked yet
 * @len: length in bytes
 * @commands: set on success to an array of struct command
 * @why: set on failure to a sentence, to be freed
 *
 * Empty lines and lines that begin with "#" are skipped.
 *
 * Return: 0; -EINVAL if a line is not in the grammar; -EMSGSIZE if @len is
 * above VMCFS_CONTROL_MAX.
 */
int grammar_parse(enum scope scope, const char *device_word, const char *text,
		  gsize len, GPtrArray **commands, char **why);

/**
 * grammar_help() - append a description of the commands
 * @scope: control file
 * @text: string to append to
 */
void grammar_help(enum scope scope, GString *text);

/**
 * help_readme() - append the README of the tree
 * @text: string to append to
 */
void help_readme(GString *text);

/**
 * help_channel_control() - append the grammar of the root's control file, and
 * the settings in force
 * @channel: channel of the daemon
 * @logging: initialised
 * @text: string to append to
 */
void help_channel_control(const struct channel *channel,
			  const struct logging *logging, GString *text);

/**
 * help_hmc_control() - append the grammar of an index's control file, and the
 * settings in force
 * @hmc: HMC index
 * @text: string to append to
 */
void help_hmc_control(const struct hmc *hmc, GString *text);

/**
 * struct runner_target - objects that commands act on
 * @channel: channel of the daemon
 * @hmc: HMC index, or NULL for commands of the channel
 * @logging: logging of the daemon, for log-level
 * @caller: process that wrote the commands
 */
struct runner_target {
	struct channel *channel;
	struct hmc *hmc;
	struct logging *logging;
	struct caller caller;
};

/**
 * runner_new() - make a runner
 * @target: copied
 * @commands: array of struct command; owned by the runner
 *
 * A runner executes commands in order, each to its end before the next begins.
 * The first failure stops it. It runs nothing before runner_run(), and does not
 * wait by itself.
 *
 * Return: the runner, owned by the caller.
 */
struct runner *runner_new(const struct runner_target *target,
			  GPtrArray *commands);

/**
 * runner_free() - free a runner
 * @runner: NULL is allowed; a command in progress continues
 */
void runner_free(struct runner *runner);

/**
 * runner_check() - check the commands that only the device can parse
 * @target: target, see runner_new()
 * @commands: array of struct command
 *
 * Return: 0, or -EINVAL with the sentence in the target's last error.
 */
int runner_check(const struct runner_target *target, GPtrArray *commands);

/**
 * runner_run() - run commands until one has to wait
 * @runner: runner that has not ended
 *
 * Return: 0 when all commands are done; -EINPROGRESS if it has to wait for a
 * change, after which it is called again; else the error of the command that
 * failed.
 */
int runner_run(struct runner *runner);

/**
 * runner_leave() - stop waiting for the command in progress
 * @runner: runner_run() returned -EINPROGRESS
 * @error: negative errno that is about to be returned to the writer
 * @why: clause for the last error of the target
 *
 * The command continues, and a runner that starts the same command joins it.
 * The commands after it are not started.
 */
void runner_leave(struct runner *runner, int error, const char *why);

#endif
