// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prepared mount: mounts the tree before the main process of a service starts,
 * and removes the mount after it has ended. It serves no request.
 *
 * While the manager stores the connection the mount is alive, and a caller waits
 * for the main process. When the manager has dropped it and the main process has
 * ended, the mount is dead; so a mount that responds belongs to another daemon.
 */
#include "manager.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "../errors.h"
#include "internal.h"
#include "mount.h"

static void store_copy(const struct mount *mount, const char *path, int root)
{
	struct mount_copy copy;
	int error = mount_copy_open(mount, path, root, &copy);

	if (!error) {
		error = manager_store_copy(&copy);
		mount_copy_close(&copy);
	}
	if (error)
		g_printerr(
			PRINT_WARNING
			"vmcfs: %s: the mount cannot be copied, so inotify will not report messages: %s%s\n",
			path, g_strerror(-error), error_remedy(error));
}

static gboolean is_directory(int fd, const char *path)
{
	const int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
	struct statx one, other;

	return !statx(fd, "", AT_EMPTY_PATH | flags, STATX_INO, &one) &&
	       !statx(AT_FDCWD, path, flags, STATX_INO, &other) &&
	       one.stx_ino == other.stx_ino &&
	       one.stx_dev_major == other.stx_dev_major &&
	       one.stx_dev_minor == other.stx_dev_minor;
}

/*
 * The manager uses these while it starts the main process, to hide them or in
 * place of them. In a tree that nobody serves yet it would wait for that process.
 */
static gboolean is_used_by_manager(int fd)
{
	static const char *const paths[] = {
		"/boot", "/dev",      "/dev/shm", "/etc", "/home",    "/media",
		"/mnt",	 "/proc",     "/root",	  "/run", "/srv",     "/sys",
		"/tmp",	 "/run/user", "/usr",	  "/var", "/var/tmp",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		if (is_directory(fd, paths[i]))
			return TRUE;
	}
	return FALSE;
}

int manager_prepare(const struct mount_plan *plan, gboolean copied)
{
	struct mount mount;
	int error, root = -1;

	if (is_used_by_manager(plan->at)) {
		g_printerr(
			"vmcfs: %s: the service manager uses this directory before the tree is served; give a directory below it\n",
			plan->path);
		return EX_CANTCREAT;
	}
	error = mount_tree(plan, &mount, copied ? &root : NULL);
	if (error)
		return mount_exit_status(error);
	error = manager_store(mount.connection);
	if (error) {
		g_printerr(
			"vmcfs: the service manager does not take the connection: %s; use --step=prepare in ExecStartPre= of a service with Type=notify\n",
			g_strerror(-error));
		if (root >= 0)
			close(root);
		unmount_tree(&mount);
	} else if (copied) {
		store_copy(&mount, plan->path, root);
	}
	close(mount.connection);
	return error ? EX_UNAVAILABLE : 0;
}

/*
 * Sets @again to TRUE if a mount has just died, or was removed. Return: 0, also if
 * the mount responds; or a negative errno.
 */
static int remove_dead(int fd, const char *path, gboolean *again)
{
	int error = mount_point_contact(fd);

	*again = error == -ECONNABORTED;
	if (error == -ETIMEDOUT || error == -EAGAIN || error == -ENOMEM)
		return error;
	if (error != -ENOTCONN || !manager_is_mounted(path))
		return 0;
	error = unmount_descriptor(fd, path);
	*again = !error;
	return error;
}

/* @real is @path without symbolic links. */
static int remove_all_dead(const char *path, char **real)
{
	g_autofree char *why = NULL;
	gboolean again = TRUE;
	int error = 0, fd;

	while (again && !path_walk(path, &fd, &why)) {
		g_free(*real);
		*real = path_of(fd);
		error = remove_dead(fd, *real ? *real : path, &again);
		close(fd);
	}
	return error;
}

static gboolean leads_to(const char *path, const struct mount_entry *entry)
{
	const struct mount tree = {
		.connection = -1,
		.major = entry->major,
		.minor = entry->minor,
	};
	g_autofree char *why = NULL;
	gboolean found;
	int fd;

	if (path_walk(path, &fd, &why))
		return FALSE;
	found = mount_has_file(fd, &tree);
	close(fd);
	return found;
}

/* The mount on top may be in use, so it is not removed. */
static void report_covered(const char *path)
{
	g_autoptr(GPtrArray) table = mount_table_read();
	const struct mount_entry *entry =
		table ? mount_table_at(table, path) : NULL;

	if (entry && !leads_to(path, entry))
		g_printerr(
			PRINT_WARNING
			"vmcfs: %s: the tree stays mounted, below what is mounted over it; unmount that, then the tree, with umount\n",
			path);
}

int manager_release(const char *path)
{
	g_autofree char *real = NULL;
	int error = remove_all_dead(path, &real);
	const char *remedy;

	if (!error) {
		report_covered(real ? real : path);
		return 0;
	}
	remedy = error_remedy(error);
	g_printerr("vmcfs: %s: the mount cannot be removed: %s%s\n", path,
		   g_strerror(-error),
		   *remedy ? remedy : "; remove it with 'umount -l'");
	return EX_OSERR;
}

gboolean manager_is_mounted(const char *path)
{
	g_autoptr(GPtrArray) table = mount_table_read();

	return table && mount_table_at(table, path);
}
