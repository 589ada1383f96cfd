/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount: opens the mount point, mounts the tree, and removes the mount. It
 * serves no request.
 */
#ifndef VMCFS_MOUNT_H
#define VMCFS_MOUNT_H

#include <sys/types.h>

#include <glib.h>

struct marks;
struct title;

/* Type of our mounts in the mount table. */
#define MOUNT_POINT_TYPE "fuse.vmcfs"

/**
 * struct mount_plan - parameters of a mount
 * @at: O_PATH descriptor of the directory, owned by the caller
 * @path: path of @at, for messages and for fusermount3
 * @source: device shown in the mount table
 * @allow_other: TRUE if other users may use the tree
 * @flags: options of mount(8), each after a comma
 */
struct mount_plan {
	int at;
	const char *path;
	const char *source;
	gboolean allow_other;
	const char *flags;
};

/**
 * struct mount - a mounted tree
 * @connection: descriptor of /dev/fuse, or -1
 * @major: major device number of its file system
 * @minor: minor device number of its file system
 */
struct mount {
	int connection;
	guint major;
	guint minor;
};

/**
 * mount_tree() - mount the tree
 * @plan: parameters
 * @mount: filled on success; the caller owns its connection
 * @root: set to a copy of the mount for mount_copy_open(), which the caller owns, or
 *	to a negative errno if it cannot be made; unchanged if fusermount3 mounted,
 *	and on failure; NULL if none is wanted
 *
 * With CAP_SYS_ADMIN it makes the system calls itself, else it runs
 * fusermount3. Prints errors on standard error; on failure nothing stays
 * mounted.
 *
 * Return: 0 or a negative errno.
 */
int mount_tree(const struct mount_plan *plan, struct mount *mount, int *root);

/**
 * mount_exit_status() - choose the exit status of a program that cannot mount
 * @error: negative errno of mount_tree()
 *
 * Return: EX_NOPERM if a permission is missing, else EX_OSERR.
 */
int mount_exit_status(int error);

/**
 * unmount_descriptor() - detach a mount by a descriptor of its root
 * @fd: O_PATH descriptor of the root of a mount
 * @path: its mount point; used only without CAP_SYS_ADMIN, by fusermount3,
 *	which removes only mounts of the user
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
 * Finds the mounts of its file system in this mount namespace, also if they
 * were renamed or bound elsewhere. A mount that is covered by another one
 * stays, and so does one that is renamed during each of VMCFS_UNMOUNT_PASSES
 * passes between the read of the mount table and the removal.
 *
 * It does not open mounts of other file systems, also if one has the device
 * number of an ended tree.
 *
 * Return: 0; -ENOENT: it was no longer mounted; -EBUSY: a mount is left because
 * it was covered, renamed, or refused by fusermount3; -EIO: the mount table
 * cannot be read.
 */
int unmount_tree(const struct mount *mount);

/**
 * mount_of() - find the mounted tree that a file belongs to
 * @fd: any descriptor
 * @mount: filled, without a connection
 *
 * Return: 0 or a negative errno.
 */
int mount_of(int fd, struct mount *mount);

/**
 * struct mount_copy - a copy of the mount of a tree that is attached nowhere
 * @root: descriptor of its root, or -1
 * @tables: open files of the mount table of the mount namespace in which it was
 *	copied, or -1: one for each process that polls it
 */
struct mount_copy {
	int root;
	int tables[2];
};

#define MOUNT_COPY_CLOSED                        \
	{                                        \
		.root = -1, .tables = { -1, -1 } \
	}

/**
 * mount_copy_open() - copy the mount of a tree, without attaching the copy
 * @mount: mounted
 * @path: its mount point, used only without a copy in @root
 * @root: copy that mount_tree() has made, which belongs to @opened, or is
 *	closed on failure; a negative value to copy the mount at @path
 * @opened: filled on success, for mount_copy_close()
 *
 * The copy does not keep umount(2) from removing the mount, but the tree lives
 * until the copy is closed. Without CAP_SYS_ADMIN a child makes it in a user
 * namespace.
 *
 * Return: 0; without a copy in @root also -EUSERS: the system permits no user
 * namespace; -ENOENT: the tree is not mounted at @path; or another negative errno.
 */
int mount_copy_open(const struct mount *mount, const char *path, int root,
		    struct mount_copy *opened);

/**
 * mount_copy_close() - close the descriptors, and set them to -1
 * @opened: opened, or closed
 */
void mount_copy_close(struct mount_copy *opened);

/**
 * mount_watch() - find a tree in the mount table of this mount namespace
 * @path: its mount point
 * @mount: filled on success, without a connection
 *
 * Return: a descriptor for mount_is_visible() that the caller owns, on which
 * poll(2) returns POLLPRI after each change of the table; -ENOENT: no tree is
 * mounted there; or another negative errno.
 */
int mount_watch(const char *path, struct mount *mount);

/**
 * mount_is_visible() - check whether the tree is mounted anywhere
 * @mount: mounted before
 * @fd: descriptor of the mount table of a mount namespace
 *
 * Return: TRUE if the table lists a mount of the tree; FALSE also if it cannot
 * be read.
 */
gboolean mount_is_visible(const struct mount *mount, int fd);

/**
 * mount_point_contact() - check whether the file system of a directory responds
 * @fd: O_PATH descriptor of its root
 *
 * The kernel may have cached the attributes, so this makes a request. Waits
 * VMCFS_CONTACT_MS at most. Call it while the process has one thread.
 *
 * Return: 0; -ENOTCONN: it is dead; -ECONNABORTED: it has just died; -ETIMEDOUT:
 * no response; -EAGAIN or -ENOMEM: no process can be started; or another negative
 * errno.
 */
int mount_point_contact(int fd);

/**
 * mount_point_open() - open and check a directory to mount on
 * @given: absolute path
 * @dry: TRUE to leave a dead mount, which could be removed, where it is
 * @fd: set on success to an O_PATH descriptor of the checked directory, owned
 *	by the caller; a later rename does not change it
 * @path: set on success to its path without symbolic links, to be freed
 *
 * Removes a dead mount of an earlier run. Prints errors, and such a removal, on
 * standard error.
 *
 * Return: 0, or the exit status.
 */
int mount_point_open(const char *given, gboolean dry, int *fd, char **path);

/**
 * announcer_start() - start the announcer
 * @mount: mounted tree
 * @copy: copy of its mount; the caller closes it afterwards
 * @marks: shared memory
 * @title: memory of the arguments, to name the announcer
 * @announcer: set on success to the process ID of a child
 *
 * It touches changed files of the tree, so that the kernel reports them to callers
 * of inotify. It uses a copy of the mount, since an open file of the mount itself
 * would make umount(8) fail, and ends when the tree is not mounted any more. The
 * files must belong to its user, unless it has CAP_FOWNER.
 *
 * Return: 0 or a negative errno.
 */
int announcer_start(const struct mount *mount, const struct mount_copy *copy,
		    struct marks *marks, const struct title *title,
		    pid_t *announcer);

#endif
