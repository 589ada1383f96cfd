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
 * The parent never returns from this: it ends with 0 when the child calls
 * background_ready(), or with the child's status if that ends before.
 *
 * Return: what to give to background_ready(), or a negative errno.
 */
int background_start(void);

/**
 * background_detach() - leave the terminal and the working directory
 * @fd: from background_start(); -1 if that was not called
 *
 * Return: 0 or a negative errno.
 */
int background_detach(int fd);

/**
 * background_ready() - the tree can be used: the parent ends with success
 * @fd: from background_start(); -1 if that was not called
 *
 * Return: 0, or -EPIPE: the parent was ended, nobody wants the tree any more.
 */
int background_ready(int fd);

/**
 * background_own_descriptors() - close all inherited descriptors but 0, 1 and
 * 2, and make sure that these are open
 *
 * Otherwise the starter could wait for the end of one of them, and the first
 * files that are opened would get the numbers of the standard files.
 */
void background_own_descriptors(void);

#endif
