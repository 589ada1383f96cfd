// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target of the options: parses the command line and the lists of -o;
 * each line of the input is a word. It starts no daemon.
 */
#include "options.h"

#include <sysexits.h>

#include "defaults.h"
#include "input.h"

static void discard(const char *text)
{
	(void)text;
}

/* GLib handles these options itself and ends the program. */
static gboolean is_help(const char *word)
{
	if (g_str_has_prefix(word, "--"))
		return g_str_has_prefix(word, "--help");
	if (g_str_has_prefix(word, "-o"))
		return word[2] == '-';
	return word[0] == '-' && (strchr(word, 'h') || strchr(word, '?'));
}

static void check(const struct options *options)
{
	INPUT_CHECK(options->mount_point && options->mount_point[0] == '/');
	INPUT_CHECK(options->channel.history >= VMCFS_HISTORY_MIN &&
		    options->channel.history <= VMCFS_HISTORY_MAX);
	INPUT_CHECK(options->channel.memory >= VMCFS_MEMORY_MIN);
	INPUT_CHECK(options->channel.sendq >= VMCFS_SENDQ_MIN &&
		    options->channel.sendq <= VMCFS_SENDQ_MAX);
	INPUT_CHECK(!(options->tree.mode & ~0777u) &&
		    !(options->tree.dmode & ~0777u));
}

static void parse(const char *program, char **words)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_auto(GStrv) argv = NULL;
	struct options options;
	int status = EX_OK;

	g_strv_builder_add(builder, program);
	for (char **word = words; *word; word++) {
		if (!is_help(*word))
			g_strv_builder_add(builder, *word);
	}
	argv = g_strv_builder_end(builder);
	if (options_parse(&options, (int)g_strv_length(argv), argv, &status))
		check(&options);
	options_clear(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) words = g_strsplit(text, "\n", -1);

	g_set_printerr_handler(discard);
	g_set_print_handler(discard);
	parse("vmcfs", words);
	parse("mount.vmcfs", words);
	return 0;
}
