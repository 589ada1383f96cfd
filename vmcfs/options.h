/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options: the command line and the mount options, parsed and checked, with all
 * defaults; and the text of --help. It opens and mounts nothing.
 */
#ifndef VMCFS_OPTIONS_H
#define VMCFS_OPTIONS_H

#include <glib.h>

#include "channel/channel.h"
#include "control/control.h"
#include "device/sim/sim.h"
#include "privilege/manager.h"
#include "tree/tree.h"

/**
 * struct session_option - a session to open at the mount
 * @index: HMC index
 * @command: open command, with its @id
 */
struct session_option {
	guint index;
	struct command command;
};

/* Step of a service whose mount is made before its main process starts. */
enum step {
	STEP_ALL, /* no such service: the daemon mounts, serves and unmounts */
	STEP_PREPARE,
	STEP_SERVE,
	STEP_RELEASE,
	STEP_RELOAD,
};

/**
 * struct options - options of the daemon
 * @helper: TRUE if mount(8) started it as mount.vmcfs, and expects its own exit
 *	statuses
 * @fake: TRUE to check everything and mount nothing
 * @sloppy: TRUE to ignore unknown mount options
 * @verbose: TRUE to print the result
 * @mount_namespace: path of the mount namespace to mount in, or NULL
 * @step: step to perform
 * @inherited: descriptors of a tree that is mounted already, or -1; set by the
 *	caller
 * @foreground: TRUE to stay in the foreground
 * @debug: TRUE to log everything
 * @device: "sim", or the path of a character device
 * @mount_point: absolute path
 * @shown: source in the mount table; NULL means @device
 * @allow_other: TRUE if users other than the mounting one may use the tree
 * @allow_root: TRUE if only root and the mounting user may use the tree
 * @log_level: least severe level that is logged
 * @notify_ms: milliseconds between two events of inotify for a file, or 0
 * @marks: memory shared with the announcer, set by main(), or NULL
 * @mount_flags: options of mount(8), each after a comma
 * @lists: arguments of -o as they were given, or NULL
 * @sessions: struct session_option, opened when the channel is up
 * @channel: options of the channel
 * @tree: options of the tree
 * @sim: options of the simulated device
 */
struct options {
	gboolean helper;
	gboolean fake;
	gboolean sloppy;
	gboolean verbose;
	char *mount_namespace;
	enum step step;
	struct inherited inherited;
	gboolean foreground;
	gboolean debug;
	char *device;
	char *mount_point;
	char *shown;
	gboolean allow_other;
	gboolean allow_root;
	GLogLevelFlags log_level;
	guint notify_ms;
	struct marks *marks;
	GString *mount_flags;
	char **lists;
	GPtrArray *sessions;
	struct channel_config channel;
	struct tree_config tree;
	struct sim_options sim;
};

/**
 * options_parse() - parse the command line
 * @options: filled; the caller clears it, also on failure
 * @argc: argument of main()
 * @argv: argument of main()
 * @status: set to the exit status if it returns FALSE
 *
 * Prints errors on standard error; --help and --version print on standard
 * output.
 *
 * Return: TRUE to continue.
 */
gboolean options_parse(struct options *options, int argc, char **argv,
		       int *status);

/**
 * options_clear() - free the contents
 * @options: filled by options_parse()
 */
void options_clear(struct options *options);

/**
 * mount_options_init() - set the options of -o to their defaults
 * @options: options; those whose default depends on others, or on the user,
 * are set to 0
 */
void mount_options_init(struct options *options);

/**
 * mount_options_parse() - parse a comma separated list of mount options
 * @options: options with their defaults
 * @list: NUL terminated; a comma that belongs to a value is escaped by a
 * backslash
 * @why: set on failure to a sentence, to be freed
 *
 * Return: FALSE on failure.
 */
gboolean mount_options_parse(struct options *options, const char *list,
			     char **why);

/**
 * mount_options_split() - split a list of mount options
 * @list: list in the form of mount_options_parse()
 *
 * Return: the options without escapes, some of which may be empty; to be freed.
 */
char **mount_options_split(const char *list);

/**
 * mount_options_nearest() - find the mount option that a name is most like
 * @name: mistyped name
 *
 * Return: its name, with a "=" at the end if it has a value, to be freed; NULL
 * if none is like it.
 */
char *mount_options_nearest(const char *name);

/**
 * mount_options_help() - append a line for each mount option
 * @text: string to append to
 */
void mount_options_help(GString *text);

enum mount_word {
	MOUNT_WORD_UNKNOWN,
	MOUNT_WORD_PASSED,  /* mount_plan.flags may contain it */
	MOUNT_WORD_IGNORED, /* accepted without effect */
	MOUNT_WORD_REFUSED,
};

/**
 * mount_words_judge() - look up an option of mount(8), libfuse or another file
 * system
 * @name: option, without its value
 * @has_value: TRUE if a value was given
 * @reason: set to the reason of a refusal, which says what to do instead
 *
 * Return: its use here.
 */
enum mount_word mount_words_judge(const char *name, gboolean has_value,
				  const char **reason);

/**
 * mount_words_add_names() - append the accepted options
 * @names: strings to be freed, with a "=" at the end if a value follows
 */
void mount_words_add_names(GPtrArray *names);

/**
 * usage_text() - make the text of --help
 *
 * Return: lines of at most 80 columns, to be freed.
 */
char *usage_text(void);

/**
 * usage_of_helper() - make the text of -h of mount.vmcfs
 *
 * Return: the text; the caller frees it.
 */
char *usage_of_helper(void);

#endif
