/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon says while it runs: error and warning for what needs
 * somebody, message for what the service did, info for what users did, debug
 * for programmers. It goes to the journal where standard error is one, else to
 * standard error, or to the system's log once that is closed.
 */
#ifndef VMCFS_LOGGING_H
#define VMCFS_LOGGING_H

#include <glib.h>

/**
 * struct logging - what is said
 * @level: this level and everything graver
 * @detached: there is no standard error any more
 */
struct logging {
	GLogLevelFlags level;
	gboolean detached;
};

/**
 * logging_init() - from now on GLib's log functions end here
 * @logging: must live as long as the process; may be changed any time
 * @level: to begin with
 */
void logging_init(struct logging *logging, GLogLevelFlags level);

/**
 * logging_level_word() - the level in force, as a command would name it
 * @logging: initialised
 */
const char *logging_level_word(const struct logging *logging);

/**
 * logging_parse_level() - read a level's name
 * @word: NUL terminated
 * @level: set on success
 */
gboolean logging_parse_level(const char *word, GLogLevelFlags *level);

#endif
