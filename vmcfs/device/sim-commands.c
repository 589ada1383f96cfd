// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One table of commands: each has a pattern to check the words by and a
 * function that turns a knob. A function is only called with words that fit.
 */
#include "sim-commands.h"

#include <errno.h>
#include <string.h>

#include "../text.h"
#include "engine/engine.h"
#include "sim/sim.h"

/* What stands behind "sim": at most this many words. */
#define MAX_WORDS 4

/* The words of a line, and what each stands for where it is no free text. */
struct words {
	char **word;
	guint64 number[MAX_WORDS];
};

static int run_emit(struct vmc_sim *sim, const struct words *words)
{
	g_autofree char *text = g_strconcat(words->word[2], "\n", NULL);

	return vmc_hv_emit(vmc_sim_hv(sim), (guint)words->number[1], text,
			   (guint32)strlen(text));
}

static int run_flood(struct vmc_sim *sim, const struct words *words)
{
	return vmc_hv_flood(vmc_sim_hv(sim), (guint)words->number[1],
			    words->number[2], (guint32)words->number[3]);
}

static int run_stall(struct vmc_sim *sim, const struct words *words)
{
	vmc_hv_stall(vmc_sim_hv(sim), words->number[1] == 0);
	return 0;
}

static int run_delay(struct vmc_sim *sim, const struct words *words)
{
	return vmc_hv_set_delay(vmc_sim_hv(sim), (guint32)words->number[1]);
}

static int run_refuse(struct vmc_sim *sim, const struct words *words)
{
	vmc_hv_set_refused(vmc_sim_hv(sim),
			   (enum vmc_hv_request)words->number[1],
			   words->number[2] == 0);
	return 0;
}

static int run_reset(struct vmc_sim *sim, const struct words *words)
{
	static const guint8 kinds[] = {
		VMC_EVENT_PARTNER_FAILED,
		VMC_EVENT_PARTNER_DEREGISTERED,
		VMC_EVENT_PARTNER_TERMINATED,
		VMC_EVENT_MIGRATED,
	};

	if (words->number[1] == G_N_ELEMENTS(kinds)) {
		ibmvmc_restart(vmc_sim_adapter(sim));
		return 0;
	}
	return vmc_hv_transport_event(vmc_sim_hv(sim), kinds[words->number[1]]);
}

/*
 * A pattern word is "#" (a number below 2^32), "..." (the rest of the line, not
 * empty) or the choices "a|b|c", of which the place is the number.
 */
static const struct command {
	const char *pattern[MAX_WORDS + 1];
	const char *usage;
	const char *help;
	int (*run)(struct vmc_sim *sim, const struct words *words);
} table[] = {
	{ { "emit", "#", "..." },
	  "sim emit INDEX TEXT",
	  "the hypervisor sends TEXT and a newline by itself",
	  run_emit },
	{ { "flood", "#", "#", "#" },
	  "sim flood INDEX COUNT SIZE",
	  "it sends COUNT messages of SIZE bytes; COUNT 0 stops",
	  run_flood },
	{ { "stall", "on|off" },
	  "sim stall on|off",
	  "it takes and sends nothing, or goes on",
	  run_stall },
	{ { "delay", "#" },
	  "sim delay MS",
	  "it thinks that long over each entry",
	  run_delay },
	{ { "refuse", "open|request-vmc", "on|off" },
	  "sim refuse open|request-vmc on|off",
	  "it refuses such requests, or accepts them again",
	  run_refuse },
	{ { "reset", "partner-failed|deregistered|terminated|migrated|self" },
	  "sim reset partner-failed|deregistered|terminated|migrated|self",
	  "the channel breaks in that way",
	  run_reset },
};

/* What a knob answers, what a user is told, and in which words. */
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
	  "the hypervisor still has to send what it was told before" },
};

static gboolean match_choice(const char *choices, const char *word,
			     guint64 *number)
{
	g_auto(GStrv) choice = g_strsplit(choices, "|", -1);

	for (guint i = 0; choice[i]; i++) {
		if (g_str_equal(choice[i], word)) {
			*number = i;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean match_word(const char *pattern, const char *word,
			   guint64 *number)
{
	if (g_str_equal(pattern, "#"))
		return text_parse_number(word, 0, G_MAXUINT32, number);
	if (g_str_equal(pattern, "..."))
		return *word != '\0';
	return match_choice(pattern, word, number);
}

static gboolean match(const struct command *command, struct words *words)
{
	guint n = g_strv_length((char **)command->pattern);

	if (g_strv_length(words->word) != n)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		if (!match_word(command->pattern[i], words->word[i],
				&words->number[i]))
			return FALSE;
	}
	return TRUE;
}

static int run_command(struct vmc_sim *sim, const struct command *command,
		       const struct words *words, char **why)
{
	int error = command->run(sim, words);

	for (gsize i = 0; error && i < G_N_ELEMENTS(refusals); i++) {
		if (refusals[i].from != error)
			continue;
		*why = g_strdup(refusals[i].why);
		return refusals[i].to;
	}
	if (error)
		*why = g_strdup_printf("%s failed", command->usage);
	return error;
}

/* The first word tells which command was meant. */
static char *explain(const char *line)
{
	g_auto(GStrv) word = g_strsplit(line + strlen("sim "), " ", 2);

	for (gsize i = 0; word[0] && i < G_N_ELEMENTS(table); i++) {
		if (g_str_equal(table[i].pattern[0], word[0]))
			return g_strdup_printf("the command is: %s",
					       table[i].usage);
	}
	return g_strdup(
		"no such command of the simulated device; read this file for those there are");
}

int sim_command(struct vmc_sim *sim, const char *line, gboolean run, char **why)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct command *command = &table[i];
		gint n = (gint)g_strv_length((char **)command->pattern);
		g_auto(GStrv) word = g_strsplit(line + strlen("sim "), " ", n);
		struct words words = { .word = word };

		if (!match(command, &words))
			continue;
		return run ? run_command(sim, command, &words, why) : 0;
	}
	*why = explain(line);
	return -EINVAL;
}

void sim_command_help(GString *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		g_string_append_printf(text, "%s\n    %s\n", table[i].usage,
				       table[i].help);
}
