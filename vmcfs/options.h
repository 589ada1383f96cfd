/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: parsed, checked, with every default filled in. It opens
 * and mounts nothing.
 */
#ifndef VMCFS_OPTIONS_H
#define VMCFS_OPTIONS_H

#include <glib.h>

#include "channel/channel.h"
#include "control/grammar.h"
#include "device/sim/sim.h"
#include "tree/tree.h"

/**
 * struct session_option - a session to open at the mount
 * @index: HMC index
 * @command: the open command, with its @id
 */
struct session_option {
	guint index;
	struct command command;
};

/**
 * struct options - all the user chose
 * @foreground: do not go to the background
 * @debug: log everything
 * @device: "sim", or the path of a character device
 * @mount_point: an absolute path
 * @allow_other: users other than the mounting one may use the tree
 * @mount_flags: options for mount(2) that libfuse knows, comma separated
 * @sessions: struct session_option, to open before the mount
 * @channel: for the channel
 * @tree: for the tree
 * @sim: for the simulated device
 */
struct options {
	gboolean foreground;
	gboolean debug;
	char *device;
	char *mount_point;
	gboolean allow_other;
	GString *mount_flags;
	GPtrArray *sessions;
	struct channel_config channel;
	struct tree_config tree;
	struct sim_options sim;
};

/**
 * options_parse() - read the command line
 * @options: filled; to be cleared whatever the result
 * @argc: of main()
 * @argv: of main()
 *
 * @status: set to the exit status to end with, when it returns FALSE
 *
 * What is wrong is said on standard error; --help and --version are answered
 * on standard output.
 *
 * Return: TRUE to go on.
 */
gboolean options_parse(struct options *options, int argc, char **argv,
		       int *status);

/**
 * options_clear() - free what it holds
 * @options: given to options_parse()
 */
void options_clear(struct options *options);

#endif
