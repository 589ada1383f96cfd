// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line, by GLib's option parser; what stands behind -o is read in
 * mount-options.c.
 */
#include "options.h"

#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "defaults.h"
#include "mount-options.h"

static void set_defaults(struct options *options)
{
	*options = (struct options){
		.mount_flags = g_string_new(NULL),
		.sessions = g_ptr_array_new_with_free_func(g_free),
		.allow_other = geteuid() == 0,
		.channel = {
			.clock = &clock_system,
			.history = VMCFS_HISTORY_DEFAULT,
			.sendq = VMCFS_SENDQ_DEFAULT,
			.send_timeout_ms = VMCFS_SEND_TIMEOUT_DEFAULT_MS,
			.open_timeout_ms = VMCFS_OPEN_TIMEOUT_DEFAULT_MS,
		},
		.tree = {
			.uid = getuid(),
			.gid = getgid(),
			.mode = VMCFS_MODE_DEFAULT,
			.dmode = VMCFS_DMODE_DEFAULT,
			.handles = VMCFS_HANDLES_DEFAULT,
		},
	};
	sim_options_init(&options->sim);
}

static gboolean complain(const char *why)
{
	g_printerr("vmcfs: %s\n", why);
	return FALSE;
}

static guint64 least_memory(void)
{
	return VMCFS_MEMORY_MIN_PAGES * (guint64)sysconf(_SC_PAGESIZE);
}

/* A user alone must not use up the limit for all. */
static gboolean settle_handles(struct tree_config *tree)
{
	g_autofree char *why = NULL;

	if (!tree->handles_per_uid)
		tree->handles_per_uid =
			tree->handles / VMCFS_HANDLES_PER_UID_DEFAULT_SHARE;
	if (tree->handles_per_uid < tree->handles)
		return TRUE;
	why = g_strdup_printf(
		"handles_per_uid=%u cannot be used with handles=%u; give a lower number",
		tree->handles_per_uid, tree->handles);
	return complain(why);
}

static gboolean parse_lists(struct options *options, char **lists)
{
	for (guint i = 0; lists && lists[i]; i++) {
		g_autofree char *why = NULL;

		if (!mount_options_parse(options, lists[i], &why))
			return complain(why);
	}
	if (!options->channel.memory)
		options->channel.memory =
			MAX(VMCFS_MEMORY_MIN,
			    options->channel.history *
				    VMCFS_MEMORY_DEFAULT_SEGMENTS);
	options->channel.memory = MAX(options->channel.memory, least_memory());
	return settle_handles(&options->tree);
}

static gboolean take_mount_point(struct options *options, char **rest)
{
	if (!rest || !rest[0])
		return complain(
			"say where to mount: vmcfs [OPTION...] MOUNTPOINT");
	if (rest[1])
		return complain("give one mount point only");
	options->mount_point = g_canonicalize_filename(rest[0], NULL);
	return TRUE;
}

static char *describe(void)
{
	GString *text = g_string_new("Mount options (-o):\n");

	mount_options_help(text);
	g_string_append(text, "\nFor the simulated device:\n");
	sim_options_help(text);
	g_string_append(
		text,
		"\nExit status: 0, or one of sysexits.h (64 usage, 66 no mount point,\n"
		"69 no device or session, 71 no FUSE or dead mount, 73 mount point in use,\n"
		"74 messages left unsent, 77 mount point not accessible).\n");
	return g_string_free(text, FALSE);
}

/*
 * As mount(8) and others write it, -oLIST is -o LIST: GLib would take it for
 * several options of one letter.
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

static GOptionContext *new_context(const GOptionEntry *entries)
{
	GOptionContext *context = g_option_context_new("MOUNTPOINT");
	g_autofree char *description = describe();

	g_option_context_set_summary(
		context,
		"Serve a POWER Virtual Management Channel as a directory tree.");
	g_option_context_set_description(context, description);
	g_option_context_add_main_entries(context, entries, NULL);
	return context;
}

gboolean options_parse(struct options *options, int argc, char **argv,
		       int *status)
{
	g_autoptr(GOptionContext) context = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lists = NULL;
	g_auto(GStrv) rest = NULL;
	g_auto(GStrv) words = split_lists(argc, argv);
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
		{ "foreground", 'f', 0, G_OPTION_ARG_NONE, &options->foreground,
		  "Stay in the foreground", NULL },
		{ "debug", 'd', 0, G_OPTION_ARG_NONE, &options->debug,
		  "Log everything (and stay in the foreground)", NULL },
		{ "device", 0, 0, G_OPTION_ARG_FILENAME, &options->device,
		  "The channel: sim, or a character device (default " VMCFS_DEVICE_DEFAULT
		  ")",
		  "sim|PATH" },
		{ "options", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &lists,
		  "Mount options, see below", "OPT,..." },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version,
		  "Show the version", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest,
		  NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	*status = EX_USAGE;
	set_defaults(options);
	context = new_context(entries);
	if (!g_option_context_parse_strv(context, &words, &error))
		return complain(error->message);
	if (version) {
		g_print("vmcfs " VMCFS_VERSION "\n");
		*status = EXIT_SUCCESS;
		return FALSE;
	}
	if (!options->device)
		options->device = g_strdup(VMCFS_DEVICE_DEFAULT);
	options->foreground |= options->debug;
	return parse_lists(options, lists) && take_mount_point(options, rest);
}

void options_clear(struct options *options)
{
	g_free(options->device);
	g_free(options->mount_point);
	g_string_free(options->mount_flags, TRUE);
	g_ptr_array_unref(options->sessions);
}
