// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options: parses the command line with GLib's option parser, and fills in the
 * defaults. mount-options.c parses the arguments of -o.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "defaults.h"

static void set_defaults(struct options *options)
{
	*options = (struct options){
		.mount_flags = g_string_new(NULL),
		.sessions = g_ptr_array_new_with_free_func(g_free),
		.allow_other = geteuid() == 0,
		.channel.clock = &clock_system,
	};
	mount_options_init(options);
	options->tree.uid = getuid();
	options->tree.gid = getgid();
	sim_options_init(&options->sim);
}

G_GNUC_PRINTF(1, 2)
static gboolean complain(const char *format, ...)
{
	va_list arguments;
	g_autofree char *why = NULL;

	va_start(arguments, format);
	why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_printerr("vmcfs: %s\n", why);
	return FALSE;
}

static guint64 least_memory(void)
{
	return VMCFS_MEMORY_MIN_PAGES * (guint64)sysconf(_SC_PAGESIZE);
}

/* One user alone must not be able to reach the limit of all users. */
static gboolean check_handles(struct tree_config *tree)
{
	if (!tree->handles_per_uid)
		tree->handles_per_uid =
			tree->handles / VMCFS_HANDLES_PER_UID_DEFAULT_SHARE;
	if (tree->handles_per_uid < tree->handles)
		return TRUE;
	return complain(
		"handles_per_uid=%u cannot be used with handles=%u; give a lower number",
		tree->handles_per_uid, tree->handles);
}

static gboolean parse_lists(struct options *options, char **lists)
{
	for (guint i = 0; lists && lists[i]; i++) {
		g_autofree char *why = NULL;

		if (!mount_options_parse(options, lists[i], &why))
			return complain("%s", why);
	}
	if (!options->channel.memory)
		options->channel.memory =
			MAX(VMCFS_MEMORY_MIN,
			    options->channel.history *
				    VMCFS_MEMORY_DEFAULT_SEGMENTS);
	options->channel.memory = MAX(options->channel.memory, least_memory());
	return check_handles(&options->tree);
}

/*
 * Return: NULL if the working directory was removed. GLib would replace it by
 * "/".
 */
static char *make_absolute(const char *path)
{
	char *directory = getcwd(NULL, 0);
	char *absolute = NULL;

	if (directory || g_path_is_absolute(path))
		absolute = g_canonicalize_filename(path, directory);
	free(directory);
	return absolute;
}

/* A source on the command line and --device= have the same meaning. */
static gboolean take_source(struct options *options, const char *source)
{
	if (source && options->device && !g_str_equal(source, options->device))
		return complain(
			"the source %s and --device=%s differ; give one of them",
			source, options->device);
	if (!options->device)
		options->device =
			g_strdup(source ? source : VMCFS_DEVICE_DEFAULT);
	if (!*options->device)
		return complain("the source is empty; give a path, or sim");
	return TRUE;
}

static gboolean take_mount_point(struct options *options, const char *path)
{
	options->mount_point = make_absolute(path);
	if (!options->mount_point)
		return complain(
			"the working directory was removed, or cannot be read; give an absolute path of the mount point");
	return TRUE;
}

static gboolean take_arguments(struct options *options, char **rest)
{
	guint count = rest ? g_strv_length(rest) : 0;

	if (!count || !*rest[count - 1])
		return complain(
			"a mount point is missing: vmcfs [OPTION...] [SOURCE] MOUNTPOINT; see vmcfs --help");
	if (count > 2)
		return complain(
			"'%s' is one argument too many; give a source and one mount point only",
			rest[2]);
	return take_source(options, count == 2 ? rest[0] : NULL) &&
	       take_mount_point(options, rest[count - 1]);
}

/*
 * Splits -oLIST, which mount(8) and others use, into -o and LIST: GLib would
 * parse it as several options of one letter.
 */
static char **split_lists(int argc, char **argv)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	for (int i = 0; i < argc; i++) {
		if (g_str_has_prefix(argv[i], "-o") && argv[i][2]) {
			g_strv_builder_add(builder, "-o");
			g_strv_builder_add(builder, argv[i] + 2);
		} else {
			g_strv_builder_add(builder, argv[i]);
		}
	}
	return g_strv_builder_end(builder);
}

/* Return: the exit status. */
static int inform(gboolean version)
{
	g_autofree char *text =
		version ? g_strdup("vmcfs " VMCFS_VERSION "\n") : usage_text();

	g_print("%s", text);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_SUCCESS;
	g_printerr("vmcfs: standard output cannot be written to\n");
	return EX_IOERR;
}

gboolean options_parse(struct options *options, int argc, char **argv,
		       int *status)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lists = NULL;
	g_auto(GStrv) rest = NULL;
	g_auto(GStrv) words = split_lists(argc, argv);
	gboolean help = FALSE, version = FALSE;
	const GOptionEntry entries[] = {
		{ "foreground", 'f', 0, G_OPTION_ARG_NONE, &options->foreground,
		  NULL, NULL },
		{ "debug", 'd', 0, G_OPTION_ARG_NONE, &options->debug, NULL,
		  NULL },
		{ "device", 0, 0, G_OPTION_ARG_FILENAME, &options->device, NULL,
		  NULL },
		{ "options", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &lists, NULL,
		  NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest,
		  NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	*status = EX_USAGE;
	set_defaults(options);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse_strv(context, &words, &error))
		return complain("%s", error->message);
	if (help || version) {
		*status = inform(!help);
		return FALSE;
	}
	options->foreground |= options->debug;
	return parse_lists(options, lists) && take_arguments(options, rest);
}

void options_clear(struct options *options)
{
	g_free(options->device);
	g_free(options->mount_point);
	g_string_free(options->mount_flags, TRUE);
	g_ptr_array_unref(options->sessions);
}
