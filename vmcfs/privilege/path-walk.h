/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path walk: opens a path one component at a time, without contacting the file
 * system that the last one may be the root of. It judges only symbolic links.
 */
#ifndef VMCFS_PATH_WALK_H
#define VMCFS_PATH_WALK_H

#include <glib.h>

/**
 * path_walk() - open a path as an O_PATH descriptor
 * @path: absolute
 * @fd: set on success to a descriptor that the caller owns
 * @why: set on failure to a sentence without the path, to be freed
 *
 * A symbolic link is followed only if it belongs to the effective user or to
 * the owner of the root directory: with another user's link that user would
 * choose where root mounts.
 *
 * Return: 0; -ELOOP: a link that is not followed, or too many of them; or
 * another negative errno of open(2).
 */
int path_walk(const char *path, int *fd, char **why);

/**
 * path_of() - the present path of a descriptor
 * @fd: of a file or directory
 *
 * Return: the path, to be freed, or NULL if /proc is not mounted.
 */
char *path_of(int fd);

#endif
