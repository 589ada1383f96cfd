/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Manager: the protocol between the steps of a service and the service manager
 * (systemd): notifications, the stored connection, the watchdog. It needs no
 * library of systemd.
 *
 * The first step, with privileges, mounts the tree, and passes the connection and
 * a copy of the mount to the manager. The main process, without any, inherits
 * them from the manager. The last step, with privileges, removes the mount.
 */
#ifndef VMCFS_MANAGER_H
#define VMCFS_MANAGER_H

#include <glib.h>

struct mount_copy;
struct mount_plan;

/* Name of the stored descriptors. */
#define MANAGER_STORED "fuse"

/* Assignments that remove them. */
#define MANAGER_FORGET "FDSTOREREMOVE=1\nFDNAME=" MANAGER_STORED

/**
 * struct inherited - descriptors that the manager has stored, close-on-exec
 * @connection: descriptor of /dev/fuse, or -1
 * @copy: socket for manager_take_copy(), or -1
 */
struct inherited {
	int connection;
	int copy;
};

/**
 * manager_notify() - send assignments to the service manager
 * @state: assignments as for sd_notify(3), separated by newlines
 *
 * Never waits for the manager.
 *
 * Return: 0; -ENOTCONN: NOTIFY_SOCKET is not set, so no manager started this
 * process; -EAGAIN: the manager has not read the notifications before this one,
 * and the queue is full; or another negative errno.
 */
int manager_notify(const char *state);

/**
 * manager_extend() - extend the time limit of the manager for a start or a stop
 * @state: assignments that are sent with it, each before a newline; or ""
 * @ms: milliseconds that it takes at most, by the options; a margin of
 *	VMCFS_MANAGER_MARGIN_MS is added
 *
 * A limit of the manager that is longer stays in force.
 *
 * Return: as manager_notify().
 */
int manager_extend(const char *state, guint64 ms);

/**
 * manager_watchdog_us() - find the time limit of the watchdog
 *
 * Return: microseconds after which the manager ends a process that sent no
 * WATCHDOG=1; 0 if it does not watch this process.
 */
guint64 manager_watchdog_us(void);

/**
 * manager_inherit() - find the inherited descriptors
 * @inherited: filled; the caller owns the descriptors
 *
 * Removes the variables by which the manager passes descriptors.
 */
void manager_inherit(struct inherited *inherited);

/**
 * manager_take_copy() - receive the copy of the mount
 * @socket: inherited socket, which is closed; -1 is allowed
 * @copy: filled, for mount_copy_close(); closed if there is none
 *
 * Nobody else has the copy afterwards, so that it does not keep the tree alive
 * when the caller has closed it.
 */
void manager_take_copy(int socket, struct mount_copy *copy);

/**
 * manager_forget() - remove the stored descriptors
 *
 * Without a process that serves it the connection ends then, and its mount is
 * dead. Waits for the manager if the queue of notifications is full.
 */
void manager_forget(void);

/**
 * manager_prepare() - mount the tree, and let the manager store the connection
 * @plan: parameters of the mount
 * @copied: TRUE to let it store a copy of the mount too; if that fails, the main
 *	process does without
 *
 * Nobody serves the tree yet: callers wait for the main process. Prints errors
 * on standard error; on failure nothing stays mounted. Waits for the manager if
 * the queue of notifications is full.
 *
 * Refuses directories at which the manager looks before it starts the main
 * process, such as /mnt: it would wait for that process.
 *
 * Return: 0, or the exit status.
 */
int manager_prepare(const struct mount_plan *plan, gboolean copied);

/**
 * manager_release() - remove the mount after the main process has ended
 * @path: absolute path of the mount point
 *
 * Removes only a dead mount of a vmcfs, so that another daemon may serve @path.
 * Prints errors on standard error. Waits VMCFS_CONTACT_MS at most for the end
 * of the connection, and then leaves the mount. Reports a tree that another mount
 * covers, which it leaves too.
 *
 * Return: 0, also if nothing is mounted there; or the exit status.
 */
int manager_release(const char *path);

/**
 * manager_is_mounted() - look for the mount of this service
 * @path: absolute path of the mount point
 *
 * Return: TRUE if a tree is mounted at @path in this mount namespace.
 */
gboolean manager_is_mounted(const char *path);

#endif
