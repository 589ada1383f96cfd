/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log sink: writes lines to standard error, to the journal that standard error
 * is, or to the system's log. It blocks as long as the reader does, and filters
 * nothing.
 */
#ifndef VMCFS_LOGGING_SINK_H
#define VMCFS_LOGGING_SINK_H

#include <glib.h>

/**
 * struct logging_level - a level, as each destination names it
 * @word: name in lines for people and in the log-level command
 * @level: GLib's level bit
 * @priority: severity of syslog(3)
 */
struct logging_level {
	const char *word;
	GLogLevelFlags level;
	int priority;
};

#define LOGGING_LEVELS 5

/* All levels, the gravest first. */
extern const struct logging_level logging_levels[LOGGING_LEVELS];

/**
 * logging_level_of() - the level of a line
 * @flags: GLib's level and its flags; G_LOG_LEVEL_ERROR counts as the gravest
 */
const struct logging_level *logging_level_of(GLogLevelFlags flags);

enum logging_format {
	LOGGING_PLAIN,	 /* for people: "vmcfs: warning: TEXT" */
	LOGGING_JOURNAL, /* a stream of sd-daemon(3): "<4>TEXT" */
	LOGGING_SYSLOG,	 /* datagrams of RFC 3164 to /dev/log */
};

/**
 * struct logging_sink - destination of the log
 * @fd: descriptor that is written to; standard error is not owned
 * @format: enum logging_format
 */
struct logging_sink {
	int fd;
	enum logging_format format;
};

/**
 * logging_sink_init() - choose and open a destination
 * @sink: uninitialised
 * @background: standard error is about to be closed
 *
 * A later write needs no other system call than write(2) or sendto(2), and
 * poll(2) if the descriptor is non-blocking.
 *
 * Return: 0, or a negative errno without a socket for the system's log.
 */
int logging_sink_init(struct logging_sink *sink, gboolean background);

/**
 * logging_sink_clear() - close what logging_sink_init() opened
 * @sink: initialised
 */
void logging_sink_clear(struct logging_sink *sink);

/**
 * logging_sink_write() - write a line
 * @sink: initialised
 * @flags: GLib's level
 * @text: one line without its end, NUL terminated, at most VMCFS_LOG_LINE_MAX
 *	bytes
 *
 * Return: 0, or the negative errno of the write. A reader that comes back gets
 * later lines: no error is final.
 */
int logging_sink_write(const struct logging_sink *sink, GLogLevelFlags flags,
		       const char *text);

#endif
