/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node of the character device: opening it, and finding out which driver
 * answers behind it. It keeps nothing open but what it hands out.
 */
#ifndef VMCFS_CHARDEV_NODE_H
#define VMCFS_CHARDEV_NODE_H

#include <glib.h>

/* Who answers behind the node. */
enum chardev_driver {
	CHARDEV_DRIVER_NONE,
	CHARDEV_DRIVER_VMCFS,	/* with INFO and OPEN */
	CHARDEV_DRIVER_IN_TREE, /* without them */
};

/**
 * chardev_node_word() - a driver as the status file names it
 * @driver: any
 */
const char *chardev_node_word(enum chardev_driver driver);

/**
 * chardev_node_open() - open the node for reading and writing, non-blocking
 * @path: absolute
 * @fd: set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0; -ENODEV: it is not there, has no driver behind it, or is no
 * character device; -EACCES; or another negative errno of open(2).
 */
int chardev_node_open(const char *path, int *fd, char **why);

/**
 * chardev_node_recognise() - which driver it is
 * @path: absolute, for the sentence
 * @fd: of the node
 * @driver: set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, or -ENODEV if it is no Virtual Management Channel.
 */
int chardev_node_recognise(const char *path, int fd,
			   enum chardev_driver *driver, char **why);

#endif
