/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proc: reads from /proc whether a signal is about to end a thread, and the age
 * at which the kernel aborts a request. It keeps no state and knows no request.
 */
#ifndef VMCFS_PROC_H
#define VMCFS_PROC_H

#include <sys/types.h>

#include <glib.h>

/**
 * proc_shows_threads() - check whether /proc has the thread IDs of requests
 *
 * Return: TRUE if proc_is_ending() works; FALSE if /proc is not mounted, or
 * belongs to another PID namespace than the daemon.
 */
gboolean proc_shows_threads(void);

/**
 * proc_is_ending() - check whether a signal is about to end a thread
 * @thread: thread ID in the PID namespace of the daemon, 0 for a thread that
 *	is not visible there
 *
 * Return: TRUE if a signal is pending that is not blocked and whose effect is
 * the end of the process, or if the signals of the thread cannot be read.
 */
gboolean proc_is_ending(pid_t thread);

/**
 * proc_signals_are_fatal() - check whether a pending signal ends the process
 * @status: text of its status file
 *
 * Return: TRUE if a pending signal ends the process, or if a line is missing.
 */
gboolean proc_signals_are_fatal(const char *status);

/**
 * proc_request_timeout() - read the age at which the kernel aborts a request
 *
 * Linux 6.15 and newer abort the connection of a file system with an older
 * request.
 *
 * Return: seconds, 0 for no limit.
 */
guint proc_request_timeout(void);

/**
 * proc_combine_timeouts() - compute the effective age from both sysctls
 * @standard: fs.fuse.default_request_timeout in seconds, 0 for none
 * @most: fs.fuse.max_request_timeout in seconds, 0 for none
 *
 * Return: seconds, 0 for no limit.
 */
guint proc_combine_timeouts(guint standard, guint most);

#endif
