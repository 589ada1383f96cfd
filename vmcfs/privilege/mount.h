/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounting: connects to FUSE and attaches the tree to a directory that is open
 * already. With CAP_SYS_ADMIN it makes the calls itself, else fusermount3 does.
 * It serves no request.
 */
#ifndef VMCFS_MOUNT_H
#define VMCFS_MOUNT_H

#include <glib.h>

/**
 * struct mount_plan - a mount to be made
 * @at: O_PATH descriptor of the directory, owned by the caller
 * @path: the same for messages and for fusermount3
 * @source: what the mount table shows as the device
 * @allow_other: other users may use the tree
 * @flags: words of mount(8), each after a comma
 */
struct mount_plan {
	int at;
	const char *path;
	const char *source;
	gboolean allow_other;
	const char *flags;
};

/**
 * struct mount - a tree that is mounted
 * @connection: of /dev/fuse, or -1
 * @major: major device number of its file system
 * @minor: minor device number of its file system
 */
struct mount {
	int connection;
	guint major;
	guint minor;
};

/**
 * mount_tree() - mount
 * @plan: what and where
 * @mount: filled on success; the caller owns its connection
 *
 * Prints on standard error what went wrong; nothing stays mounted then.
 *
 * Return: 0 or a negative errno.
 */
int mount_tree(const struct mount_plan *plan, struct mount *mount);

#endif
