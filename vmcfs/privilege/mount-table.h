/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount table: the mounts of this process's mount namespace as the kernel lists
 * them. It changes none of them.
 */
#ifndef VMCFS_MOUNT_TABLE_H
#define VMCFS_MOUNT_TABLE_H

#include <glib.h>

/**
 * struct mount_entry - one mount
 * @id: number of the mount; the kernel reuses the numbers of ended mounts
 * @parent: number of the mount that it is mounted on
 * @major: major device number of its file system
 * @minor: minor device number of its file system
 * @path: mount point
 * @type: file system type, with its subtype
 */
struct mount_entry {
	guint64 id;
	guint64 parent;
	guint major;
	guint minor;
	char *path;
	char *type;
};

/**
 * mount_table_read() - read the whole table
 *
 * Return: struct mount_entry, in the order in which they were mounted; to be
 * unreferenced. NULL if /proc cannot be read.
 */
GPtrArray *mount_table_read(void);

/**
 * mount_table_find() - find a mount by its number
 * @table: from mount_table_read()
 * @id: number of the mount
 *
 * Return: the entry, owned by @table, or NULL.
 */
const struct mount_entry *mount_table_find(GPtrArray *table, guint64 id);

#endif
