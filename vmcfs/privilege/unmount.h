/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unmounting: removes exactly the mount that a descriptor or a mounted tree
 * stands for. It does not look a path up and trust it.
 */
#ifndef VMCFS_UNMOUNT_H
#define VMCFS_UNMOUNT_H

#include "mount.h"

/**
 * unmount_descriptor() - detach the mount that a descriptor is the root of
 * @fd: O_PATH descriptor of the root of a mount
 * @path: where it is mounted; used only without CAP_SYS_ADMIN, by fusermount3,
 *	which removes no mount but the user's own
 *
 * The mount disappears at once; open files in it stay open.
 *
 * Return: 0 or a negative errno.
 */
int unmount_descriptor(int fd, const char *path);

/**
 * unmount_tree() - detach every mount of a tree
 * @mount: mounted
 *
 * Finds the mounts of its file system wherever they have been renamed or bound
 * to, in this mount namespace. A mount on top of one of them is left alone, and
 * so is the one below it. After VMCFS_UNMOUNT_PASSES looks at the mount table a
 * mount that is renamed between each look and its removal is left.
 *
 * May contact a file system for VMCFS_UNMOUNT_LOOK_S seconds, after which
 * SIGALRM ends the process: a dead mount answers at once.
 *
 * Return: 0; -ENOENT: it was not mounted any more; -EBUSY: a mount is left, below
 * another one, renamed, or in use by fusermount3; -EIO: the mount table cannot be read.
 */
int unmount_tree(const struct mount *mount);

#endif
