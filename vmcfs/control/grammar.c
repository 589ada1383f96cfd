// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Grammar: parses the lines of a control file from one table of commands. It
 * runs no command.
 *
 * A line is a word and, for some commands, one argument: the rest of the line.
 * The device parses the lines that begin with its own word.
 */
#include "control.h"

#include <errno.h>
#include <string.h>

#include "../defaults.h"
#include "../logging.h"

struct rule {
	const char *word;
	enum scope scope;
	enum command_type type;
	int (*parse)(const char *argument, struct command *command, char **why);
	const char *usage;
	const char *help;
};

static int parse_hex(const char *digits, struct command *command, char **why)
{
	gsize len = strlen(digits);

	if (!len || len % 2 || len / 2 > sizeof(command->id))
		goto bad;
	for (gsize i = 0; i < len; i += 2) {
		int high = g_ascii_xdigit_value(digits[i]);
		int low = g_ascii_xdigit_value(digits[i + 1]);

		if (high < 0 || low < 0)
			goto bad;
		command->id[i / 2] = (guint8)(high << 4 | low);
	}
	command->id_len = len / 2;
	return 0;
bad:
	*why = g_strdup_printf(
		"an ID in hex is 1 to %d bytes of two digits each",
		VMC_HMC_ID_LEN);
	return -EINVAL;
}

int grammar_parse_id(const char *text, struct command *command, char **why)
{
	gsize len = strlen(text);
	gsize printable = 0;

	if (g_str_has_prefix(text, "hex:"))
		return parse_hex(text + strlen("hex:"), command, why);
	while (g_ascii_isprint(text[printable]))
		printable++;
	if (!len || len > sizeof(command->id) || printable < len) {
		*why = g_strdup_printf(
			"an ID is 1 to %d printable ASCII characters; this one has %" G_GSIZE_FORMAT
			" bytes, of which the first %" G_GSIZE_FORMAT
			" are printable",
			VMC_HMC_ID_LEN, len, printable);
		return -EINVAL;
	}
	memcpy(command->id, text, len);
	command->id_len = len;
	return 0;
}

static int parse_level(const char *argument, struct command *command,
		       char **why)
{
	if (logging_parse_level(argument, &command->level))
		return 0;
	*why = g_strdup("a level is error, warning, message, info or debug");
	return -EINVAL;
}

/* A rule without a parse function takes no argument. */
static const struct rule rules[] = {
	{ "open", SCOPE_HMC, COMMAND_OPEN, grammar_parse_id, "open ID",
	  "open a session; ID is the rest of the line, 1 to 32 printable\n"
	  "    ASCII characters, or hex: and up to 64 hexadecimal digits" },
	{ "close", SCOPE_HMC, COMMAND_CLOSE, NULL, "close",
	  "send the queued messages, then end the session" },
	{ "rotate", SCOPE_HMC, COMMAND_ROTATE, NULL, "rotate",
	  "message becomes message.1, and a new message begins" },
	{ "request-vmc", SCOPE_CHANNEL, COMMAND_REQUEST_VMC, NULL,
	  "request-vmc", "request a VMC device from the hypervisor" },
	{ "log-level", SCOPE_CHANNEL, COMMAND_LOG_LEVEL, parse_level,
	  "log-level LEVEL",
	  "set the least severe level to log: error, warning, message,\n"
	  "    info or debug" },
};

static void command_free(struct command *command)
{
	g_free(command->line);
	g_free(command);
}

static gboolean begins_with(const char *line, gsize word_len, const char *word)
{
	return strlen(word) == word_len && !memcmp(word, line, word_len);
}

static const struct rule *find_rule(enum scope scope, const char *line,
				    gsize word_len)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (rules[i].scope == scope &&
		    begins_with(line, word_len, rules[i].word))
			return &rules[i];
	}
	return NULL;
}

static int parse_line(enum scope scope, const char *device_word,
		      struct command *command, char **why)
{
	gsize word_len = strcspn(command->line, " ");
	const char *argument =
		command->line[word_len] ? command->line + word_len + 1 : NULL;
	const struct rule *rule = find_rule(scope, command->line, word_len);

	if (scope == SCOPE_CHANNEL && argument && device_word &&
	    begins_with(command->line, word_len, device_word)) {
		command->type = COMMAND_DEVICE;
		return 0;
	}
	if (!rule) {
		*why = g_strdup(
			"no such command; read this file for the commands");
		return -EINVAL;
	}
	command->type = rule->type;
	if (!rule->parse != !argument) {
		*why = g_strdup_printf("the command is: %s", rule->usage);
		return -EINVAL;
	}
	return rule->parse ? rule->parse(argument, command, why) : 0;
}

static int check_characters(const char *text, gsize len, char **why)
{
	for (gsize i = 0; i < len; i++) {
		if (text[i] != '\n' && !g_ascii_isprint(text[i])) {
			*why = g_strdup_printf(
				"byte %" G_GSIZE_FORMAT
				" is 0x%02x; commands are printable ASCII, one a line",
				i, (guint8)text[i]);
			return -EINVAL;
		}
	}
	return 0;
}

int grammar_parse(enum scope scope, const char *device_word, const char *text,
		  gsize len, GPtrArray **commands, char **why)
{
	g_autoptr(GPtrArray) parsed = NULL;
	g_autofree char *copy = NULL;
	g_auto(GStrv) lines = NULL;
	int error;

	if (len > VMCFS_CONTROL_MAX) {
		*why = g_strdup_printf(
			"a write of %" G_GSIZE_FORMAT
			" bytes is longer than the %d bytes that a control file accepts",
			len, VMCFS_CONTROL_MAX);
		return -EMSGSIZE;
	}
	error = check_characters(text, len, why);
	if (error)
		return error;
	copy = g_strndup(text, len);
	lines = g_strsplit(copy, "\n", -1);
	parsed = g_ptr_array_new_with_free_func((GDestroyNotify)command_free);
	for (guint i = 0; lines[i]; i++) {
		g_autofree char *reason = NULL;
		struct command *command;

		if (!*lines[i] || *lines[i] == '#')
			continue;
		command = g_new0(struct command, 1);
		command->number = i + 1;
		command->line = g_strdup(lines[i]);
		g_ptr_array_add(parsed, command);
		error = parse_line(scope, device_word, command, &reason);
		if (error) {
			*why = g_strdup_printf("line %u, '%.64s': %s", i + 1,
					       lines[i], reason);
			return error;
		}
	}
	*commands = g_steal_pointer(&parsed);
	return 0;
}

void grammar_help(enum scope scope, GString *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (rules[i].scope == scope)
			g_string_append_printf(text, "%s\n    %s\n",
					       rules[i].usage, rules[i].help);
	}
}
