// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command line: parses options and arguments by the table of commands, and
 * prints the text of --help. It opens no file.
 */
#include "vmcctl.h"

#include <getopt.h>
#include <string.h>
#include <sysexits.h>

static const struct option long_options[] = {
	{ "mount", required_argument, NULL, 'm' },
	{ "timeout", required_argument, NULL, 't' },
	{ "count", required_argument, NULL, 'n' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static const char *const option_names[] = { "-m", "-t", "-n", "--json" };

/* Options of a command line, before its command is known. */
struct given {
	char letters[sizeof("mtnj")];
	const char *timeout, *count;
};

static const char *option_name(char letter)
{
	return option_names[strchr("mtnj", letter) - "mtnj"];
}

static int usage_error(const char *problem, const char *word)
{
	complain("%s%s%s; see vmcctl --help", problem, word ? ": " : "",
		 word ? word : "");
	return EX_USAGE;
}

static gboolean parse_seconds(const char *text, gint64 *us)
{
	char *end;
	double seconds = g_ascii_strtod(text, &end);

	if (!*text || strspn(text, "0123456789.") != strlen(text) || *end ||
	    seconds > VMCCTL_TIMEOUT_MAX)
		return FALSE;
	*us = (gint64)(seconds * G_USEC_PER_SEC);
	return TRUE;
}

static void mark_given(struct given *given, char letter)
{
	gsize len = strlen(given->letters);

	if (!strchr(given->letters, letter))
		given->letters[len] = letter;
}

static int parse_options(int argc, char **argv, struct given *given,
			 struct ctl_call *call)
{
	int letter;

	opterr = 0;
	optind = 0;
	while ((letter = getopt_long(argc, argv, ":m:t:n:hV", long_options,
				     NULL)) >= 0) {
		if (letter == 'h')
			call->help = TRUE;
		else if (letter == 'V')
			call->version = TRUE;
		else if (letter == ':')
			return usage_error("the option needs a value",
					   argv[optind - 1]);
		else if (letter == '?')
			return usage_error("unknown option; '--' ends options",
					   argv[optind - 1]);
		else if (letter == 'm' && !*optarg)
			/* An unset variable of a script chooses no tree. */
			return usage_error("the directory of -m is empty",
					   NULL);
		else
			mark_given(given, (char)letter);
		if (letter == 'm')
			call->mount = optarg;
		else if (letter == 't')
			given->timeout = optarg;
		else if (letter == 'n')
			given->count = optarg;
		else if (letter == 'j')
			call->json = TRUE;
	}
	return 0;
}

static int find_command(const char *name, const struct ctl_command *commands,
			struct ctl_call *call)
{
	if (!name)
		return usage_error("a command is missing", NULL);
	for (; commands->name; commands++) {
		if (g_str_equal(commands->name, name)) {
			call->command = commands;
			return 0;
		}
	}
	return usage_error("unknown command", name);
}

static int command_error(const struct ctl_command *command, const char *problem)
{
	complain("%s: %s; the command is: vmcctl %s%s%s", command->name,
		 problem, command->name, *command->usage ? " " : "",
		 command->usage);
	return EX_USAGE;
}

static int check_options(const struct ctl_command *command,
			 const struct given *given, struct ctl_call *call)
{
	for (const char *letter = given->letters; *letter; letter++) {
		g_autofree char *problem = NULL;

		if (strchr(command->options, *letter))
			continue;
		problem = g_strdup_printf("%s does not apply",
					  option_name(*letter));
		return command_error(command, problem);
	}
	if (command->timed && !given->timeout)
		return command_error(command, "-t is missing");
	if (given->timeout && !parse_seconds(given->timeout, &call->timeout_us))
		return command_error(
			command,
			"-t is not a number of seconds up to " G_STRINGIFY(
				VMCCTL_TIMEOUT_MAX) ", such as 5 or 0.5");
	if (given->count &&
	    !g_ascii_string_to_unsigned(given->count, 10, 1, VMCCTL_COUNT_MAX,
					&call->count, NULL))
		return command_error(
			command,
			"--count is not a number from 1 to " G_STRINGIFY(
				VMCCTL_COUNT_MAX));
	return 0;
}

static int take_arguments(const struct ctl_command *command, guint count,
			  char **arguments, struct ctl_call *call)
{
	guint64 index;

	if (count < command->min)
		return command_error(command, "an argument is missing");
	if (count > command->max)
		return command_error(
			command,
			command->max < 2 ?
				"there are too many arguments" :
				"there are too many arguments; quote a text with spaces");
	if (!count)
		return 0;
	if (!g_ascii_string_to_unsigned(arguments[0], 10, 0, G_MAXINT, &index,
					NULL))
		return command_error(command,
				     "INDEX is not the number N of an hmcN");
	call->index = (int)index;
	call->text = arguments[1];
	return 0;
}

int command_line_parse(int argc, char **argv,
		       const struct ctl_command *commands,
		       struct ctl_call *call)
{
	struct ctl_call parsed = { .index = VMCCTL_ROOT, .count = 1 };
	struct given given = { 0 };
	int status = parse_options(argc, argv, &given, &parsed);

	if (!status && !parsed.help && !parsed.version) {
		status = find_command(argv[optind], commands, &parsed);
		if (!status)
			status = check_options(parsed.command, &given, &parsed);
		if (!status)
			status = take_arguments(parsed.command,
						(guint)(argc - optind - 1),
						argv + optind + 1, &parsed);
	}
	if (!status)
		*call = parsed;
	return status;
}

static const char options_help[] =
	"\n"
	"INDEX is the N of hmcN. Options:\n"
	"  -m, --mount=DIR        directory of the tree; without it VMCFS_MOUNT, or the\n"
	"                         only tree that is mounted\n"
	"  -t, --timeout=SECONDS  limit of the whole command, such as 5 or 0.5\n"
	"  -n, --count=COUNT      number of messages to wait for; 1 by default\n"
	"      --json             print a JSON object\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"Exit status:\n"
	"   0  success\n"
	"  64  wrong command line\n"
	"  65  the message is too long or empty, or the ID is not valid\n"
	"  66  no tree is mounted there, or it has no such index\n"
	"  68  no session is open, or it ended during the wait\n"
	"  69  there is no channel, device or daemon\n"
	"  70  unexpected error\n"
	"  71  the system refused something: files, memory\n"
	"  73  a session is open already, or the index is in use\n"
	"  74  the device failed, messages were missed, or the output cannot be written\n"
	"  75  timeout, or an interrupted wait: try again\n"
	"  76  the hypervisor refused the session\n"
	"  77  permission denied\n";

void usage_add(GString *text, const struct ctl_command *commands)
{
	g_string_append(
		text,
		"Usage: vmcctl COMMAND [ARGUMENT...] [OPTION...]\n"
		"Use a POWER Virtual Management Channel that vmcfs has mounted.\n"
		"\n"
		"Example, without POWER hardware:\n"
		"  vmcfs sim /mnt\n"
		"  vmcctl open 0 my-console\n"
		"  vmcctl request 0 -t 5 hello\n"
		"Unmount with:\n"
		"  umount /mnt\n"
		"\n"
		"Commands:\n");
	for (; commands->name; commands++) {
		g_autofree char *form =
			g_strjoin(" ", commands->name, commands->usage, NULL);

		g_string_append_printf(text, "  %-37s%s\n", form,
				       commands->help);
	}
	g_string_append(text, options_help);
}
