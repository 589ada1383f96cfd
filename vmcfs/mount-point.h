/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The directory to mount on: is it there, is it free, is a dead mount of an
 * earlier run to be cleaned away. It does not mount.
 */
#ifndef VMCFS_MOUNT_POINT_H
#define VMCFS_MOUNT_POINT_H

/**
 * mount_point_prepare() - make sure that a directory can be mounted on
 * @given: absolute path
 * @resolved: set on success to the same without symbolic links, to be freed
 *
 * A dead mount of vmcfs is unmounted, which is said on standard error, as is
 * what is wrong.
 *
 * Return: 0, or the exit status to end with.
 */
int mount_point_prepare(const char *given, char **resolved);

#endif
