/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node of the character device: opening it, and finding out which driver
 * answers behind it. It keeps nothing open but what it hands out.
 */
#ifndef VMCFS_CHARDEV_NODE_H
#define VMCFS_CHARDEV_NODE_H

#include <glib.h>

#include "../../privilege/privilege.h"

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
 * chardev_node_open_path() - open the node in this process
 * @path: absolute
 * @flags: O_NONBLOCK or 0
 * @fd: set on success to a descriptor for reading and writing
 *
 * Return: 0; -ENOTTY: it is no character device; or another negative errno.
 */
int chardev_node_open_path(const char *path, int flags, int *fd);

/**
 * chardev_node_open() - let the helper open the node for reading and writing,
 * non-blocking
 * @privilege: of the helper, which knows the path, too
 * @path: absolute, for the sentence
 * @timeout_ms: how long to wait at most, in milliseconds; -1: as long as it takes
 * @fd: set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0; -ENODEV: the node does not exist, has no driver, or is no
 * character device; -EACCES; -ETIMEDOUT; -EIO: there is no helper; or another
 * negative errno of open(2).
 */
int chardev_node_open(struct privilege *privilege, const char *path,
		      int timeout_ms, int *fd, char **why);

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
