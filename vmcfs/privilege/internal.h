/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internal: functions that only the files of this folder call: capabilities,
 * child processes, descriptors over a socket, the service manager, fusermount3,
 * the mount table, path walks. No other folder includes it.
 */
#ifndef VMCFS_PRIVILEGE_INTERNAL_H
#define VMCFS_PRIVILEGE_INTERNAL_H

#include <linux/capability.h>
#include <sys/types.h>

#include <glib.h>

struct mount;
struct mount_copy;

/**
 * capability_is_held() - check whether a capability is effective
 * @capability: CAP_ value
 *
 * Return: TRUE if it is effective in the calling thread.
 */
gboolean capability_is_held(int capability);

/**
 * capability_keep() - drop all other capabilities
 * @kept: mask of those to keep permitted and effective, if they are held
 *
 * The inheritable and the ambient set are emptied, and so is the bounding set
 * if CAP_SETPCAP is held. Call it while the process has one thread: the kernel
 * keeps these sets for each thread.
 *
 * Return: 0 or a negative errno.
 */
int capability_keep(guint64 kept);

/**
 * child_wait() - wait for the end of a child process
 * @child: process ID
 *
 * Return: the negative of its exit status, which is an errno if the child runs
 * no other program; -EIO if a signal killed it.
 */
int child_wait(pid_t child);

/**
 * descriptor_send() - send a message
 * @socket: AF_UNIX socket
 * @data: @size bytes
 * @size: number of bytes, at least 1
 * @fd: descriptor to send, which stays open here; -1 for none
 *
 * Return: 0 or a negative errno.
 */
int descriptor_send(int socket, gconstpointer data, gsize size, int fd);

/**
 * descriptor_receive() - receive a message
 * @socket: AF_UNIX socket
 * @data: filled
 * @size: room in bytes
 * @fd: set to a descriptor that the caller owns, close-on-exec, or to -1
 *
 * Return: the number of bytes; 0: the other end is closed; -EMFILE: @data is
 * filled, but this process may not open its descriptor; -EMSGSIZE: the message
 * was longer, or had several descriptors; or another negative errno.
 */
gssize descriptor_receive(int socket, gpointer data, gsize size, int *fd);

/**
 * manager_store() - pass the connection to the service manager, to be stored
 * @connection: descriptor of /dev/fuse, which stays open here
 *
 * Waits for the manager if the queue of notifications is full.
 *
 * Return: as manager_notify(). A manager that stores no descriptor reports no
 * error.
 */
int manager_store(int connection);

/**
 * manager_store_copy() - pass a socket to the service manager, to be stored, in
 * which the copy of a mount waits to be received
 * @copy: copy of the mount, which stays open here
 *
 * The manager looks at the attributes of files that it stores. For a file of the
 * tree it would have to wait for the main process, which it has not started.
 *
 * Return: as manager_store().
 */
int manager_store_copy(const struct mount_copy *copy);

/**
 * fusermount_mount() - mount by fusermount3
 * @at: O_PATH descriptor of the directory
 * @options: argument of its -o, comma separated
 * @connection: set on success to a descriptor of /dev/fuse that the caller owns
 * @remedy: set to a clause that begins with a semicolon, or to ""
 *
 * Messages of fusermount3 are printed.
 *
 * Return: 0; -EPERM: fusermount3 printed that a permission is missing; -ECHILD:
 * it printed another error; or another negative errno.
 */
int fusermount_mount(int at, const char *options, int *connection,
		     const char **remedy);

/**
 * fusermount_unmount() - unmount lazily by fusermount3, without messages
 * @path: path of the mount point; mounts of other users are refused
 *
 * Return: 0, or -EBUSY if fusermount3 failed.
 */
int fusermount_unmount(const char *path);

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
 * mount_table_open() - open the table of this mount namespace
 *
 * It remains that of this namespace in every process that gets the descriptor,
 * and poll(2) returns POLLPRI after each of its changes.
 *
 * Return: a descriptor that the caller owns, or a negative errno.
 */
int mount_table_open(void);

/**
 * mount_table_read_open() - read the whole table of a mount namespace
 * @fd: from mount_table_open()
 *
 * Return: as mount_table_read().
 */
GPtrArray *mount_table_read_open(int fd);

/**
 * mount_table_read() - read the whole table of this mount namespace
 *
 * Return: struct mount_entry, in the order in which they were mounted; to be
 * unreferenced. NULL if /proc cannot be read.
 */
GPtrArray *mount_table_read(void);

/**
 * mount_table_find() - find a mount by its number
 * @table: table from mount_table_read()
 * @id: number of the mount
 *
 * Return: the entry, owned by @table, or NULL.
 */
const struct mount_entry *mount_table_find(GPtrArray *table, guint64 id);

/**
 * mount_table_at() - find a mount of ours by its mount point
 * @table: table from mount_table_read()
 * @path: mount point
 *
 * Return: as mount_table_find().
 */
const struct mount_entry *mount_table_at(GPtrArray *table, const char *path);

/**
 * mount_is_listed() - check whether an entry of the table is of a tree
 * @entry: one mount
 * @mount: mounted before
 *
 * Return: TRUE if it has the device number and the type of @mount.
 */
gboolean mount_is_listed(const struct mount_entry *entry,
			 const struct mount *mount);

/**
 * mount_has_file() - check whether a file belongs to a tree
 * @fd: any descriptor
 * @mount: mounted before
 *
 * Return: TRUE if its file system has the device number of @mount.
 */
gboolean mount_has_file(int fd, const struct mount *mount);

/**
 * mount_copy_root() - copy a mount, without attaching the copy
 * @fd: descriptor of the root of the mount
 *
 * It walks no path: an automount point that the mount covers lets nobody pass
 * until the program that mounts has ended.
 *
 * Return: a descriptor of the copy that the caller owns, or a negative errno.
 */
int mount_copy_root(int fd);

/**
 * path_walk() - open a path as an O_PATH descriptor
 * @path: absolute path
 * @fd: set on success to a descriptor that the caller owns
 * @why: set on failure to a sentence without the path, to be freed
 *
 * A symbolic link is followed only if it belongs to the effective user or to
 * the owner of the root directory. Otherwise the owner of a link could choose
 * the directory on which root mounts.
 *
 * Return: 0; -ELOOP: a link that is not followed, or too many of them; or
 * another negative errno of open(2).
 */
int path_walk(const char *path, int *fd, char **why);

/**
 * path_of() - read the present path of a descriptor
 * @fd: descriptor of a file or directory
 *
 * Return: the path, to be freed, or NULL if /proc is not mounted.
 */
char *path_of(int fd);

#endif
