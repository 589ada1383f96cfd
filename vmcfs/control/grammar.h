/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of the control files: one table of commands, and the function
 * that turns the text of a write into them. It carries nothing out.
 */
#ifndef VMCFS_GRAMMAR_H
#define VMCFS_GRAMMAR_H

#include <glib.h>

#include "vmc/limits.h"

/* Which control file a command is for. */
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
	COMMAND_DEVICE, /* only the device knows it */
};

/**
 * struct command - one line of a control file
 * @type: kind of command
 * @number: number of the line in its write, from 1 on
 * @line: the line itself, without its newline
 * @id: COMMAND_OPEN: the application's name
 * @id_len: its bytes
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
 * grammar_parse_id() - read the name of an application
 * @text: NUL terminated: 1 to VMC_HMC_ID_LEN printable ASCII characters, or
 *	"hex:" and two digits for each byte
 * @command: its @id and @id_len are set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0 or -EINVAL.
 */
int grammar_parse_id(const char *text, struct command *command, char **why);

/**
 * grammar_parse() - read all lines of a write
 *
 * Empty lines and lines that begin with "#" are skipped.
 *
 * @scope: of the file
 * @text: @len bytes of anything
 * @len: in bytes
 * @commands: the result: an array of struct command, on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, -EINVAL if any line is not in the grammar, -EMSGSIZE if @len is
 * above VMCFS_CONTROL_MAX.
 */
int grammar_parse(enum scope scope, const char *text, gsize len,
		  GPtrArray **commands, char **why);

/**
 * grammar_help() - append a description of the commands
 * @scope: of the file
 * @text: grows
 */
void grammar_help(enum scope scope, GString *text);

#endif
