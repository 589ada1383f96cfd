// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands: maps "sim ..." lines of the root's control file to knobs of the
 * simulated hypervisor, and one line to the engine. It defines no knob:
 * kmod/hv/knob.c does.
 */
#include "sim.h"

#include <errno.h>
#include <string.h>

#include "engine/engine.h"
#include "hv/knob.h"
#include "sim/vmc-sim.h"

/* The only command for this side of the channel. */
#define RESET_SELF "reset self"

/* Errors of a knob, and the errno and sentence that a user gets for each. */
static const struct {
	int from;
	int to;
	const char *why;
} refusals[] = {
	{ -EINVAL, -EINVAL,
	  "a number is out of range, or there is no such HMC index" },
	{ -EMSGSIZE, -EMSGSIZE, "the message would be longer than the MTU" },
	{ -ENOTCONN, -ENXIO, "no session is open on that HMC index" },
	{ -EBUSY, -EBUSY,
	  "the hypervisor is still sending the entries of an earlier command" },
	{ -ENOSPC, -EBUSY,
	  "too many fault rules are in force; end them with: sim fault clear" },
};

static int turn(struct vmc_sim *sim, const struct vmc_hv_command *command,
		char **why)
{
	int error = vmc_hv_turn(vmc_sim_hv(sim), command);

	for (gsize i = 0; error && i < G_N_ELEMENTS(refusals); i++) {
		if (refusals[i].from != error)
			continue;
		*why = g_strdup(refusals[i].why);
		return refusals[i].to;
	}
	if (error)
		*why = g_strdup_printf("sim %s failed", command->knob->name);
	return error;
}

/* Usage and rules of a knob, each line after @prefix. */
static void append_usage(GString *text, const struct vmc_hv_knob *knob,
			 const char *prefix)
{
	g_auto(GStrv) rules =
		g_strsplit(knob->rule ? knob->rule : knob->usage, "\n", -1);

	for (guint i = 0; rules[i]; i++)
		g_string_append_printf(text, "%ssim %s %s%s", i ? prefix : "",
				       knob->name, rules[i],
				       rules[i + 1] ? "\n" : "");
}

static char *explain(const struct vmc_hv_knob *knob)
{
	GString *text;

	if (!knob)
		return g_strdup(
			"no such command of the simulated device; read this file for the commands");
	text = g_string_new("the command is: ");
	append_usage(text, knob, "or: ");
	g_strdelimit(text->str, "\n", ' ');
	return g_string_free(text, FALSE);
}

/* @words: line without its prefix "sim ", newline at the end. */
static int parse(const char *words, struct vmc_hv_command *command, char **why)
{
	const struct vmc_hv_knob *knob =
		vmc_hv_find_knob(words, strcspn(words, " \n"));
	gsize skipped = strcspn(words, " ");

	if (knob && words[skipped] &&
	    !vmc_hv_parse(knob, words + skipped + 1,
			  strlen(words + skipped + 1), command) &&
	    (!command->text || *command->text != '\n'))
		return 0;
	*why = explain(knob);
	return -EINVAL;
}

int sim_command(struct vmc_sim *sim, const char *line, gboolean run, char **why)
{
	/* The newline also ends a simulated message, as echo would. */
	g_autofree char *words = g_strconcat(line + strlen("sim "), "\n", NULL);
	struct vmc_hv_command command;
	int error;

	if (g_str_equal(words, RESET_SELF "\n")) {
		if (run)
			ibmvmc_restart(vmc_sim_adapter(sim));
		return 0;
	}
	error = parse(words, &command, why);
	return error || !run ? error : turn(sim, &command, why);
}

void sim_command_help(GString *text)
{
	for (const struct vmc_hv_knob *knob = vmc_hv_knobs; knob->name;
	     knob++) {
		append_usage(text, knob, "");
		g_string_append_printf(text, "\n    %s\n", knob->help);
	}
	g_string_append(text, "sim " RESET_SELF
			      "\n    reset the channel from this side\n");
}
