/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount point: opens the directory to mount on, checks that it is free, and
 * removes a dead mount of an earlier run. It does not mount.
 */
#ifndef VMCFS_MOUNT_POINT_H
#define VMCFS_MOUNT_POINT_H

#define MOUNT_POINT_TYPE "fuse.vmcfs"

/**
 * mount_point_open() - open and check a directory to mount on
 * @given: absolute path
 * @fd: set on success to an O_PATH descriptor that the caller owns; it stays
 *	the directory that was checked, whatever is renamed afterwards
 * @path: set on success to its path without symbolic links, to be freed
 *
 * Prints what is wrong on standard error, and that a dead mount was removed.
 *
 * Return: 0, or the exit status to end with.
 */
int mount_point_open(const char *given, int *fd, char **path);

#endif
