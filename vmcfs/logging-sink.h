/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging sink: writes lines to standard error, to the journal, or to the system
 * log. It blocks as long as the reader does, and filters nothing.
 */
#ifndef VMCFS_LOGGING_SINK_H
#define VMCFS_LOGGING_SINK_H

#include <glib.h>

#include "logging-queue.h"

/**
 * struct logging_level - names of a level
 * @word: name in plain lines and in the log-level command
 * @level: level bit of GLib
 * @priority: severity of syslog(3)
 */
struct logging_level {
	const char *word;
	GLogLevelFlags level;
	int priority;
};

#define LOGGING_LEVELS 5

/* All levels, the most severe first. */
extern const struct logging_level logging_levels[LOGGING_LEVELS];

/**
 * logging_level_of() - find the level of a line
 * @flags: level and flags of GLib; G_LOG_LEVEL_ERROR counts as the most severe
 *
 * Return: an element of logging_levels.
 */
const struct logging_level *logging_level_of(GLogLevelFlags flags);

enum logging_format {
	LOGGING_PLAIN,	 /* "vmcfs: warning: TEXT" */
	LOGGING_JOURNAL, /* fields to the journal; else "<4>TEXT", sd-daemon(3) */
	LOGGING_SYSLOG, /* fields to the journal; else RFC 3164 to /dev/log */
};

/**
 * struct logging_sink - destination of the log
 * @socket: socket for datagrams, -1 for LOGGING_PLAIN
 * @format: enum logging_format
 * @waits: TRUE if a write may wait for the reader
 */
struct logging_sink {
	int socket;
	enum logging_format format;
	gboolean waits;
};

/**
 * logging_sink_init() - choose and open a destination
 * @sink: uninitialised
 * @background: TRUE if standard error is about to be closed
 * @waits: TRUE if a write may wait for the reader; FALSE if it shall fail
 *
 * Later writes make no other system calls than write(2) and poll(2) for a
 * stream, and sendto(2) and getpid(2) for datagrams.
 *
 * Return: 0, or a negative errno if no socket for datagrams could be made.
 */
int logging_sink_init(struct logging_sink *sink, gboolean background,
		      gboolean waits);

/**
 * logging_sink_clear() - close the descriptor of logging_sink_init()
 * @sink: initialised
 */
void logging_sink_clear(struct logging_sink *sink);

/**
 * logging_sink_write() - write a line
 * @sink: initialised
 * @line: line; its number of drops is not written
 *
 * Return: 0; -EAGAIN: the write would have to wait; or the negative errno of the
 * write. No error is final: if the reader returns, it receives later lines.
 */
int logging_sink_write(const struct logging_sink *sink,
		       const struct logging_line *line);

#endif
