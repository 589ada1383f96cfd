/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process: background, signals, namespace and resource limits of the daemon's
 * process. It knows no tree and no device.
 */
#ifndef VMCFS_PROCESS_H
#define VMCFS_PROCESS_H

#include <glib.h>

/**
 * namespace_enter() - move this process to another mount namespace
 * @path: file of the namespace, such as /proc/PID/ns/mnt
 *
 * Root and working directory become the root of that namespace. Call it while
 * the process has one thread.
 *
 * Return: 0 or a negative errno.
 */
int namespace_enter(const char *path);

/**
 * background_start() - fork
 * @fd: set in the child to a descriptor for background_ready()
 * @status: set in the parent to the exit status: 0 when the child has called
 *	background_ready(), or the status of the child if it ended before that
 *
 * The parent waits for the child, and reports how it ended on standard error if
 * the child could not. A signal ends the parent before background_ready() only;
 * after that it blocks those that signals_open() reads, so that its status is
 * right.
 *
 * Return: 0 in the child; 1 in the parent; or a negative errno, after which the
 * process shall exit.
 */
int background_start(int *fd, int *status);

/**
 * background_detach() - leave the terminal and the working directory
 * @fd: descriptor from background_start(); -1 if that was not called
 *
 * Return: 0 or a negative errno.
 */
int background_detach(int fd);

/**
 * background_ready() - let the parent exit with success
 * @fd: descriptor from background_start(); -1 if that was not called
 *
 * Return: 0, or -EPIPE if the parent was ended, so the tree is no longer
 * wanted.
 */
int background_ready(int fd);

/**
 * background_own_descriptors() - close all inherited descriptors except 0, 1
 * and 2, and open these if they are closed
 * @kept: others to keep; -1 is allowed
 * @count: number of @kept
 *
 * Otherwise the parent process could wait for the end of file of an inherited
 * pipe, and the first files that are opened would get the numbers of the
 * standard files.
 */
void background_own_descriptors(const int *kept, gsize count);

/**
 * signals_prepare() - replace the inherited signal settings
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

/**
 * resources_check() - check that descriptors, memory and the stack suffice
 *
 * Allocates the first two and frees them at once, because GLib ends the process
 * if it cannot get them. Prints the error on standard error.
 *
 * Return: 0, or the exit status.
 */
int resources_check(void);

#endif
