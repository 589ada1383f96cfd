/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words behind -o. One table says what each is and where it goes.
 */
#ifndef VMCFS_MOUNT_OPTIONS_H
#define VMCFS_MOUNT_OPTIONS_H

#include <glib.h>

struct options;

/**
 * mount_options_parse() - take a comma separated list
 * @options: with the defaults
 * @list: NUL terminated; a comma that belongs to a value has a backslash
 *	before it
 * @why: set on failure to a sentence, to be freed
 */
gboolean mount_options_parse(struct options *options, const char *list,
			     char **why);

/**
 * mount_options_help() - append a line for each option
 * @text: grows
 */
void mount_options_help(GString *text);

#endif
