/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging: takes what GLib's log functions are given, filters it by level, and
 * has a thread of its own write it, so that a reader that hangs delays nobody
 * else. Levels: error and warning for what needs somebody, message for what the
 * service did, info for what users did, debug for programmers. It does not
 * print what is said before the tree is mounted to the user who mounts.
 */
#ifndef VMCFS_LOGGING_H
#define VMCFS_LOGGING_H

#include <glib.h>

struct logger;

/**
 * struct logging - the log of the process
 * @level: this level and every graver one are written
 * @logger: thread that writes, or NULL: lines are written where they arise
 */
struct logging {
	GLogLevelFlags level;
	struct logger *logger;
};

/**
 * logging_init() - from now on GLib's log functions end here
 * @logging: must live as long as the process
 * @level: initial level; @logging's may be changed at any time
 */
void logging_init(struct logging *logging, GLogLevelFlags level);

/**
 * logging_start() - let a thread write the log from now on
 * @logging: initialised; this process forks no more children that log
 * @background: write to the system's log, standard error is about to be closed
 *
 * The thread inherits the privileges and the seccomp filter of the caller. It
 * blocks all signals. Its system calls are write(2) or sendto(2), poll(2) and
 * futex(2), and those that end a thread.
 *
 * Return: 0, or a negative errno without a socket or a thread.
 */
int logging_start(struct logging *logging, gboolean background);

/**
 * logging_stop() - write what is left, for VMCFS_LOG_FLUSH_MS at most
 * @logging: initialised; nothing is logged any more
 *
 * A thread that is blocked in a write stays; the end of the process ends it.
 */
void logging_stop(struct logging *logging);

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
