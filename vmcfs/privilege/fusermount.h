/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusermount3: runs libfuse's set-user-ID program, which mounts and unmounts
 * for users without CAP_SYS_ADMIN. The program prints its own errors.
 */
#ifndef VMCFS_FUSERMOUNT_H
#define VMCFS_FUSERMOUNT_H

/**
 * fusermount_mount() - let it mount
 * @at: O_PATH descriptor of the directory
 * @options: comma separated, as for its -o
 * @connection: set on success to a descriptor of /dev/fuse that the caller owns
 *
 * Return: 0; -ECHILD: it printed why not; or another negative errno.
 */
int fusermount_mount(int at, const char *options, int *connection);

/**
 * fusermount_unmount() - let it unmount lazily, without a word
 * @path: of the mount point; it refuses mounts of other users
 *
 * Return: 0 or -EBUSY.
 */
int fusermount_unmount(const char *path);

#endif
