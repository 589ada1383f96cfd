/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals: decides which signals end the daemon, and which it ignores. It does
 * not end it.
 */
#ifndef VMCFS_SIGNALS_H
#define VMCFS_SIGNALS_H

/**
 * signals_prepare() - replace what was inherited
 *
 * Unblocks all signals. Those that would end the process, but neither report a
 * crash nor ask it to end, are ignored, SIGHUP among them; SIGCHLD is not.
 * SIGTERM, SIGINT, SIGQUIT and SIGXCPU stay as they are: a signal that was
 * ignored at the start stays ignored.
 *
 * Call it at the start of main().
 */
void signals_prepare(void);

/**
 * signals_open() - block the signals that end the daemon, and read them instead
 *
 * Return: a non-blocking descriptor of signalfd(2), owned by the caller, or a
 * negative errno.
 */
int signals_open(void);

#endif
