// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options: parses the command line with GLib's option parser, and fills in the
 * defaults. mount-options.c parses the arguments of -o.
 *
 * mount(8) starts the program as mount.vmcfs, with the options of a helper of
 * mount(8); some letters have another meaning there.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "defaults.h"
#include "text.h"

/* First part of the names by which mount(8) starts helpers. */
#define HELPER_PREFIX "mount."

#define DESCRIPTORS "/dev/fd/"

static void set_defaults(struct options *options)
{
	*options = (struct options){
		.mount_flags = g_string_new(NULL),
		.sessions = g_ptr_array_new_with_free_func(g_free),
		.channel.clock = &clock_system,
		.inherited = { .connection = -1, .copy = -1 },
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

/* 0 turns the files off. */
static gboolean check_records(const char *key, gsize records)
{
	guint64 least = MAX(VMCFS_RECORDS_MIN, least_memory());

	return !records || records >= least ||
	       complain(
		       "%s=%" G_GSIZE_FORMAT
		       " cannot be used; give 0, or at least %" G_GUINT64_FORMAT
		       " bytes",
		       key, records, least);
}

/*
 * The kernel cannot restrict a mount to root and the mounting user, but the mode
 * of the root directory can.
 */
static gboolean check_root_only(const struct options *options)
{
	if (options->allow_other)
		return complain(
			"allow_root and allow_other exclude each other; give one of them");
	if (options->tree.dmode & ~(mode_t)S_IRWXU)
		return complain(
			"allow_root cannot be used with dmode=%04o, which lets other users in; leave out one of them",
			options->tree.dmode);
	if (options->tree.uid && options->tree.uid != getuid())
		return complain(
			"allow_root cannot be used with uid=%u, who is another user; leave out one of them",
			options->tree.uid);
	return TRUE;
}

static gboolean check_users(struct options *options)
{
	if (options->allow_root && !check_root_only(options))
		return FALSE;
	options->allow_other |= options->allow_root || !geteuid();
	return TRUE;
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
	return check_records("log", options->channel.records) &&
	       check_records("capture", options->channel.capture) &&
	       check_handles(&options->tree) && check_users(options);
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

/*
 * mount(8) makes a source absolute if the working directory has a file of its
 * name.
 */
static gboolean means_sim(const char *source)
{
	g_autofree char *file = make_absolute(VMCFS_DEVICE_SIM);
	struct stat attributes;

	return file && !g_strcmp0(source, file) && !stat(file, &attributes) &&
	       !S_ISCHR(attributes.st_mode);
}

/* A source on the command line and --device= have the same meaning. */
static gboolean take_source(struct options *options, const char *source)
{
	if (source && means_sim(source))
		source = VMCFS_DEVICE_SIM;
	if (source && options->device && !g_str_equal(source, options->device))
		return complain(
			"the source %s and --device=%s differ; give one of them",
			source, options->device);
	if (!options->device)
		options->device =
			g_strdup(source ? source : VMCFS_DEVICE_DEFAULT);
	if (!*options->device)
		return complain("the source is empty; give a path, or sim");
	if (strlen(options->shown ? options->shown : options->device) >
	    VMCFS_SOURCE_MAX)
		return complain(
			"the source is longer than the %d bytes that the mount table can show; give a short name with fsname=",
			VMCFS_SOURCE_MAX);
	return TRUE;
}

/*
 * libfuse defines such a path as an open connection. mount.fuse3(8) passes one,
 * of a mount that it has made.
 */
static gboolean is_connection(const char *path)
{
	return g_str_has_prefix(path, DESCRIPTORS) &&
	       g_ascii_isdigit(path[strlen(DESCRIPTORS)]);
}

static gboolean take_mount_point(struct options *options, const char *path)
{
	if (is_connection(path))
		return complain(
			"%s cannot be mounted on; leave out drop_privileges, as vmcfs itself drops its privileges, and unmount what mount.fuse3 has mounted",
			path);
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
	if (options->helper && count < 2)
		return complain(
			"a source is missing: mount.vmcfs SOURCE MOUNTPOINT [OPTION...]; see vmcfs --help");
	if (count > 2)
		return complain(
			"'%s' is one argument too many; give a source and one mount point only",
			rest[2]);
	return take_source(options, count == 2 ? rest[0] : NULL) &&
	       take_mount_point(options, rest[count - 1]);
}

static gboolean take_step(struct options *options, const char *word)
{
	const char *const words[] = { "", "prepare", "serve", "release",
				      "reload" };

	for (guint i = STEP_PREPARE; word && i < G_N_ELEMENTS(words); i++) {
		if (g_str_equal(words[i], word))
			options->step = i;
	}
	if (word && options->step == STEP_ALL)
		return complain(
			"--step=%s is unknown; give prepare, serve, release or reload",
			word);
	options->foreground |= options->step == STEP_SERVE;
	return TRUE;
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
static int print(const char *text)
{
	g_print("%s", text);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_SUCCESS;
	g_printerr("vmcfs: standard output cannot be written to: %s\n",
		   g_strerror(errno));
	return EX_IOERR;
}

/* Return: the exit status. */
static int inform(const struct options *options, gboolean version)
{
	g_autofree char *text =
		options->helper ? usage_of_helper() : usage_text();

	return print(version ? "vmcfs " VMCFS_VERSION "\n" : text);
}

/* The parts of a command line that are not members of struct options. */
typedef struct {
	gboolean help;
	gboolean version;
	gboolean ignored;
	char *step;
	char *type;
	char **lists;
	char **rest;
} command_line;

static void clear_command_line(command_line *line)
{
	g_free(line->step);
	g_free(line->type);
	g_strfreev(line->lists);
	g_strfreev(line->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(command_line, clear_command_line)

static gboolean is_helper(const char *program)
{
	g_autofree char *name = g_path_get_basename(program);

	return g_str_has_prefix(name, HELPER_PREFIX);
}

static void add_daemon_options(GOptionContext *context, struct options *options,
			       command_line *line)
{
	const GOptionEntry entries[] = {
		{ "foreground", 'f', 0, G_OPTION_ARG_NONE, &options->foreground,
		  NULL, NULL },
		{ "debug", 'd', 0, G_OPTION_ARG_NONE, &options->debug, NULL,
		  NULL },
		{ "device", 0, 0, G_OPTION_ARG_FILENAME, &options->device, NULL,
		  NULL },
		{ "step", 0, 0, G_OPTION_ARG_STRING, &line->step, NULL, NULL },
		/* Option of libfuse; requests are always taken by one thread. */
		{ "single-thread", 's', 0, G_OPTION_ARG_NONE, &line->ignored,
		  NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

static void add_helper_options(GOptionContext *context, struct options *options,
			       command_line *line)
{
	const GOptionEntry entries[] = {
		{ "fake", 'f', 0, G_OPTION_ARG_NONE, &options->fake, NULL,
		  NULL },
		{ "no-mtab", 'n', 0, G_OPTION_ARG_NONE, &line->ignored, NULL,
		  NULL },
		{ "sloppy", 's', 0, G_OPTION_ARG_NONE, &options->sloppy, NULL,
		  NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose, NULL,
		  NULL },
		{ "types", 't', 0, G_OPTION_ARG_STRING, &line->type, NULL,
		  NULL },
		{ "namespace", 'N', 0, G_OPTION_ARG_FILENAME,
		  &options->mount_namespace, NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

/* GLib's message contains the option as it was given. */
static gboolean complain_option(const GError *error)
{
	static const char *const names[] = { "foreground", "debug", "device=",
					     "options=",   "help",  "version",
					     NULL };
	const char *given = strstr(error->message, "--");
	g_autofree char *name = NULL, *mount_option = NULL;
	const char *nearest;

	if (error->code != G_OPTION_ERROR_UNKNOWN_OPTION || !given)
		return complain("%s; see vmcfs --help", error->message);
	given += strlen("--");
	name = g_strndup(given, strcspn(given, "="));
	nearest = text_nearest(name, names);
	mount_option = mount_options_nearest(name);
	if (nearest)
		return complain("unknown option '--%s'; did you mean '--%s'?",
				name, nearest);
	if (mount_option)
		return complain("unknown option '--%s'; did you mean '-o %s'?",
				name, mount_option);
	return complain("unknown option '--%s'; see vmcfs --help", name);
}

static gboolean split(struct options *options, int argc, char **argv,
		      command_line *line)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = split_lists(argc, argv);
	const GOptionEntry entries[] = {
		{ "options", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &line->lists,
		  NULL, NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &line->help, NULL, NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &line->version, NULL,
		  NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &line->rest, NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	if (options->helper)
		add_helper_options(context, options, line);
	else
		add_daemon_options(context, options, line);
	return g_option_context_parse_strv(context, &words, &error) ||
	       complain_option(error);
}

gboolean options_parse(struct options *options, int argc, char **argv,
		       int *status)
{
	g_auto(command_line) line = { 0 };

	*status = EX_USAGE;
	set_defaults(options);
	options->helper = argc > 0 && is_helper(argv[0]);
	if (!split(options, argc, argv, &line))
		return FALSE;
	if (line.help || line.version) {
		*status = inform(options, !line.help);
		return FALSE;
	}
	options->foreground |= options->debug;
	options->lists = g_steal_pointer(&line.lists);
	return take_step(options, line.step) &&
	       parse_lists(options, options->lists) &&
	       take_arguments(options, line.rest);
}

void options_clear(struct options *options)
{
	g_free(options->device);
	g_free(options->mount_namespace);
	g_free(options->shown);
	g_free(options->mount_point);
	g_string_free(options->mount_flags, TRUE);
	g_strfreev(options->lists);
	g_ptr_array_unref(options->sessions);
}
