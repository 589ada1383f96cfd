/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Going to the background: the process that was started stays until the tree
 * can be used, or until it is known why not, and ends with the status that
 * says so.
 */
#ifndef VMCFS_BACKGROUND_H
#define VMCFS_BACKGROUND_H

/**
 * background_start() - fork; the child goes on
 *
 * The parent never returns from this: it ends with the status the child gives
 * to background_ready(), or with the child's own.
 *
 * Return: what to give to background_ready(), or a negative errno.
 */
int background_start(void);

/**
 * background_ready() - the tree can be used: the parent ends with success
 * @fd: from background_start(); -1 if that was not called
 *
 * Leaves the terminal and the directory the process was started in.
 */
void background_ready(int fd);

#endif
