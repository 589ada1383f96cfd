// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help texts: tests README and the text that a read of a control file returns.
 * Settings are printed as the commands that would restore them. It executes no
 * command.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "control/control.h"
#include "errors.h"
#include "logging.h"
#include "sim-channel.h"

static GString *text;

static void setup(void)
{
	text = g_string_new(NULL);
}

static void teardown(void)
{
	g_string_free(text, TRUE);
}

TestSuite(help, .init = setup, .fini = teardown, .timeout = 60);

static void expect_text(void)
{
	cr_assert_gt(text->len, 0);
	for (gsize i = 0; i < text->len; i++)
		cr_assert(text->str[i] == '\n' ||
			  g_ascii_isprint(text->str[i]));
	cr_expect(g_str_has_suffix(text->str, "\n"));
}

/* Parses the text, which is one command; the caller frees it. */
static GPtrArray *in_force(enum scope scope)
{
	GPtrArray *commands = NULL;
	g_autofree char *why = NULL;

	cr_assert_eq(grammar_parse(scope, "sim", text->str, text->len,
				   &commands, &why),
		     0, "%s", why);
	cr_assert_eq(commands->len, 1);
	return commands;
}

Test(help, readme_explains_the_tree)
{
	static const char *const words[] = { "vmcfs " VMCFS_VERSION,
					     "README",
					     "control",
					     "status",
					     "metrics",
					     "hmcN/",
					     "message",
					     "message.1",
					     "last_error",
					     "tail -n +1 -F" };

	help_readme(text);
	expect_text();
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		cr_expect_not_null(strstr(text->str, words[i]), "%s", words[i]);
}

Test(help, readme_contains_every_error)
{
	help_readme(text);
	for (gsize i = 0; i < error_table_len; i++) {
		g_autofree char *line =
			g_strdup_printf("\n    %-13s %s\n", error_table[i].name,
					error_table[i].meaning);

		cr_expect_not_null(strstr(text->str, line), "%s", line);
	}
}

/* A terminal has 80 columns. */
Test(help, readme_fits_in_80_columns)
{
	g_auto(GStrv) lines = NULL;

	help_readme(text);
	lines = g_strsplit(text->str, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		cr_expect_leq(strlen(lines[i]), 80, "%s", lines[i]);
}

Test(help, the_channel_lists_its_commands_and_the_level)
{
	struct logging logging = { .level = G_LOG_LEVEL_WARNING };
	g_autoptr(GPtrArray) commands = NULL;
	const struct command *command;
	struct sim_channel sim;

	sim_channel_new(&sim, NULL, NULL);
	help_channel_control(sim.channel, &logging, text);
	expect_text();
	cr_expect(g_str_has_prefix(text->str, "# "));
	cr_expect_not_null(strstr(text->str, "\n# request-vmc\n"));
	cr_expect_not_null(strstr(text->str, "\n# log-level LEVEL\n"));
	cr_expect_not_null(strstr(text->str, "\n# sim stall on|off\n"));
	commands = in_force(SCOPE_CHANNEL);
	command = g_ptr_array_index(commands, 0);
	cr_expect_eq(command->type, COMMAND_LOG_LEVEL);
	cr_expect_eq(command->level, G_LOG_LEVEL_WARNING);
	sim_channel_free(&sim);
}

Test(help, an_index_lists_its_commands)
{
	const struct hmc hmc = { .state = HMC_NONE };
	g_autoptr(GPtrArray) commands = NULL;
	const struct command *command;

	help_hmc_control(&hmc, text);
	expect_text();
	cr_expect(g_str_has_prefix(text->str, "# "));
	cr_expect_not_null(strstr(text->str, "\n# open ID\n"));
	cr_expect_not_null(strstr(text->str, "\n# close\n"));
	cr_expect_not_null(strstr(text->str, "\n# rotate\n"));
	commands = in_force(SCOPE_HMC);
	command = g_ptr_array_index(commands, 0);
	cr_expect_eq(command->type, COMMAND_CLOSE);
}

static void expect_id(gconstpointer id, gsize len, const char *line)
{
	struct hmc hmc = { .state = HMC_READY, .id_len = len };
	g_autoptr(GPtrArray) commands = NULL;
	const struct command *command;

	memcpy(hmc.id, id, len);
	g_string_truncate(text, 0);
	help_hmc_control(&hmc, text);
	expect_text();
	commands = in_force(SCOPE_HMC);
	command = g_ptr_array_index(commands, 0);
	cr_expect_str_eq(command->line, line);
	cr_expect_eq(command->type, COMMAND_OPEN);
	cr_assert_eq(command->id_len, len);
	cr_expect_arr_eq(command->id, id, len);
}

Test(help, an_index_shows_the_id_of_its_session)
{
	expect_id("me", 2, "open me");
	expect_id(" a  b ", 6, "open  a  b ");
	expect_id("12345678901234567890123456789012", 32,
		  "open 12345678901234567890123456789012");
	expect_id("a\0b", 3, "open hex:610062");
	expect_id("\n", 1, "open hex:0a");
	expect_id("\xff", 1, "open hex:ff");
	expect_id("hex:41", 6, "open hex:6865783a3431");
}
