/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging: filters lines by level as GLib's log writer, and passes them to a
 * thread, so that a blocked reader delays no request. It does not print the
 * messages before the mount, which go to the mounting user.
 *
 * Levels: error and warning for conditions that need attention, message for
 * actions of the service, info for actions of users, debug for developers.
 */
#ifndef VMCFS_LOGGING_H
#define VMCFS_LOGGING_H

#include <glib.h>

struct logger;

/**
 * struct logging - the log of the process
 * @level: least severe level that is written
 * @logger: thread that writes; NULL if the calling thread does
 */
struct logging {
	GLogLevelFlags level;
	struct logger *logger;
};

/**
 * logging_init() - install the log writer of GLib
 * @logging: filled; must live as long as the process
 * @level: initial level; the level in @logging may be changed at any time
 */
void logging_init(struct logging *logging, GLogLevelFlags level);

/**
 * logging_start() - start the logger thread
 * @logging: initialised; this process forks no more children that log
 * @background: TRUE to write to the system log, because standard error
 *	is about to be closed
 *
 * The thread inherits the privileges and the seccomp filter of the caller. It
 * blocks all signals. Its system calls are those of logging_sink_write(),
 * futex(2), and those that end a thread.
 *
 * Return: 0, or a negative errno if there is no socket or no thread.
 */
int logging_start(struct logging *logging, gboolean background);

/**
 * logging_stop() - write the queued lines, for VMCFS_LOG_FLUSH_MS at most
 * @logging: initialised; no line is logged after this
 *
 * A thread that is blocked in a write stays; the end of the process ends it.
 */
void logging_stop(struct logging *logging);

/**
 * logging_level_word() - name the level in force
 * @logging: initialised
 *
 * Return: the word, as in the log-level command.
 */
const char *logging_level_word(const struct logging *logging);

/**
 * logging_parse_level() - parse the name of a level
 * @word: NUL terminated
 * @level: set on success
 *
 * Return: FALSE if there is no such level.
 */
gboolean logging_parse_level(const char *word, GLogLevelFlags *level);

#endif
