// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reload: compares a configuration with the one in force, applies log_level= by
 * the control file of the tree, and names what needs a restart. It restarts
 * nothing.
 *
 * The configuration in force is the command line of the main process. That has
 * no privileges, and could change its command line, so no path is taken from it.
 */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "errors.h"
#include "logging-sink.h"
#include "privilege/mount.h"

#define MOUNTINFO "/proc/self/mountinfo"
#define LEVEL_OPTION "log_level="

static char **split_arguments(const char *text, gsize len)
{
	g_autoptr(GStrvBuilder) arguments = g_strv_builder_new();

	for (const char *at = text; at < text + len; at += strlen(at) + 1)
		g_strv_builder_add(arguments, at);
	return g_strv_builder_end(arguments);
}

static int parse_running(const char *text, gsize len, struct options *running)
{
	g_auto(GStrv) arguments = split_arguments(text, len);
	int status, count = (int)g_strv_length(arguments);

	if (options_parse(running, count, arguments, &status) &&
	    running->step == STEP_SERVE)
		return 0;
	g_printerr(
		"vmcfs: the main process of the service is not one of --step=serve; restart the service\n");
	options_clear(running);
	return EX_UNAVAILABLE;
}

static int read_command_line(int pid, struct options *running)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/cmdline", pid);
	g_autofree char *text = NULL;
	gsize len;

	if (g_file_get_contents(path, &text, &len, NULL))
		return parse_running(text, len, running);
	g_printerr(
		"vmcfs: %s cannot be read, so the service may have ended; start it\n",
		path);
	return EX_UNAVAILABLE;
}

/* Return: 0 with @running for options_clear(), or the exit status. */
static int read_running(struct options *running)
{
	const char *variable = g_getenv("MAINPID");
	guint64 pid;

	if (variable &&
	    g_ascii_string_to_unsigned(variable, 10, 1, G_MAXINT, &pid, NULL))
		return read_command_line((int)pid, running);
	g_printerr(
		"vmcfs: the service manager passed no process in MAINPID; use --step=reload in ExecReload=\n");
	return EX_UNAVAILABLE;
}

static gboolean is_tree(int directory)
{
	int table = open(MOUNTINFO, O_RDONLY | O_CLOEXEC);
	struct mount mount;
	gboolean is_listed = table >= 0 && !mount_of(directory, &mount) &&
			     mount_is_visible(&mount, table);

	if (table >= 0)
		close(table);
	return is_listed;
}

/* The tree is made by a process without privileges, so no link is followed. */
static int open_control(const char *mount_point)
{
	int directory = open(mount_point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -ENOTCONN;

	if (directory < 0)
		return -errno;
	if (is_tree(directory)) {
		fd = openat(directory, "control",
			    O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	close(directory);
	return fd;
}

static int write_level(const char *mount_point, const char *word)
{
	g_autofree char *line = g_strdup_printf("log-level %s\n", word);
	int error, fd = open_control(mount_point);

	if (fd < 0)
		return fd;
	error = write(fd, line, strlen(line)) < 0 ? -errno : 0;
	close(fd);
	return error;
}

static int apply(const struct options *options)
{
	const char *word = logging_level_of(options->log_level)->word;
	int error = write_level(options->mount_point, word);

	if (!error) {
		g_printerr(PRINT_NOTICE "vmcfs: " LEVEL_OPTION
					"%s is in force\n",
			   word);
		return 0;
	}
	g_printerr("vmcfs: %s: " LEVEL_OPTION "%s cannot be applied: %s\n",
		   options->mount_point, word,
		   error == -ENOTCONN ?
			   "no tree is served there; restart the service" :
			   g_strerror(-error));
	return EX_UNAVAILABLE;
}

/* Return: the options of -o as they were given, to be unreferenced. */
static GPtrArray *given_words(const struct options *options)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; options->lists && options->lists[i]; i++) {
		g_autofree char **split =
			mount_options_split(options->lists[i]);

		for (guint j = 0; split[j]; j++)
			g_ptr_array_add(words, split[j]);
	}
	return words;
}

/* Return: the name, with a "=" if the option has a value, to be freed. */
static char *name_of(const char *word)
{
	const char *equals = strchr(word, '=');

	return equals ? g_strndup(word, (gsize)(equals - word) + 1) :
			g_strdup(word);
}

/* Return: all values of an option, in their order, to be freed. */
static char *values_of(const GPtrArray *words, const char *name)
{
	GString *values = g_string_new(NULL);

	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);
		g_autofree char *found = name_of(word);

		if (g_str_equal(found, name))
			g_string_append_printf(values, "%s,", word);
	}
	return g_string_free(values, FALSE);
}

/* Adds each option of @words that has other values in @others, or none. */
static void add_changed(GPtrArray *changed, const GPtrArray *words,
			const GPtrArray *others)
{
	for (guint i = 0; i < words->len; i++) {
		g_autofree char *name = name_of(g_ptr_array_index(words, i));
		g_autofree char *values = values_of(words, name);
		g_autofree char *other = values_of(others, name);

		if (*name && !g_str_equal(name, LEVEL_OPTION) &&
		    !g_str_equal(values, other) &&
		    !g_ptr_array_find_with_equal_func(changed, name,
						      g_str_equal, NULL))
			g_ptr_array_add(changed, g_steal_pointer(&name));
	}
}

static void name_changed(const struct options *running,
			 const struct options *options)
{
	g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) before = given_words(running);
	g_autoptr(GPtrArray) after = given_words(options);

	if (!g_str_equal(running->device, options->device))
		g_ptr_array_add(changed, g_strdup("the source"));
	add_changed(changed, before, after);
	add_changed(changed, after, before);
	for (guint i = 0; i < changed->len; i++)
		g_printerr(
			PRINT_NOTICE
			"vmcfs: %s has changed; restart the service to apply that\n",
			(const char *)g_ptr_array_index(changed, i));
}

/* The last step of the service would not find the mount of the first one. */
static int check_mount_point(const struct options *running,
			     const struct options *options)
{
	if (g_str_equal(running->mount_point, options->mount_point))
		return 0;
	g_printerr(
		"vmcfs: the service has its tree at %s, not at %s; restore DIR, and stop the service before you change it\n",
		running->mount_point, options->mount_point);
	return EX_UNAVAILABLE;
}

int service_reload(const struct options *options)
{
	struct options running;
	int status = read_running(&running);

	if (status)
		return status;
	status = check_mount_point(&running, options);
	if (!status) {
		status = apply(options);
		name_changed(&running, options);
	}
	options_clear(&running);
	return status;
}
