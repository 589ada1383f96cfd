/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging: filters lines by level as GLib's log writer, and passes them to a
 * thread, so that a blocked reader delays no request. It does not print the
 * messages before the mount, which go to the mounting user.
 *
 * Levels (docs/logging.md): error for the end of the daemon by its own fault,
 * warning for a loss or a failure, message for the life cycle, info for refused
 * actions of users and the steps of the protocol, debug for requests.
 */
#ifndef VMCFS_LOGGING_H
#define VMCFS_LOGGING_H

#include <glib.h>

struct logger;
struct logging_queue;

/**
 * struct logging - the log of the process
 * @level: least severe level that is written
 * @queue: lines for the thread
 * @logger: thread that writes; NULL before logging_start()
 */
struct logging {
	GLogLevelFlags level;
	struct logging_queue *queue;
	struct logger *logger;
};

/**
 * logging_init() - install the log writer of GLib
 * @logging: filled; must live as long as the process
 * @level: initial level; the level in @logging may be changed at any time
 *
 * Until logging_start() lines go to standard error. Two kinds wait in the queue
 * instead: notices, which have fields, and lines that standard error has no room
 * for.
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
 * @logging: initialised; lines that are logged after this are dropped
 *
 * A thread that is blocked in a write stays; the end of the process ends it. If no
 * thread was started, queued lines except those of the life cycle go to standard
 * error, as far as it has room.
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
