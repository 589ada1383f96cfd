// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount point: opens the directory to mount on, checks that it is free, and
 * removes a dead mount of an earlier run. It does not mount.
 *
 * The path is walked once; every check uses the descriptor.
 */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "../defaults.h"
#include "../errors.h"
#include "internal.h"

/*
 * Finds the mount of which @fd is the root. Sets @removed to TRUE if there was one
 * when the directory was opened, and it is not mounted any more.
 *
 * Return: the type of its file system, to be freed, or NULL.
 */
static char *mounted_type(int fd, gboolean *removed)
{
	g_autoptr(GPtrArray) table = NULL;
	const struct mount_entry *entry;
	struct statx attributes;

	*removed = FALSE;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		  &attributes) ||
	    !(attributes.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return NULL;
	table = mount_table_read();
	if (!table)
		return NULL;
	entry = mount_table_find(table, attributes.stx_mnt_id);
	*removed = !entry;
	return entry ? g_strdup(entry->type) : NULL;
}

static gboolean is_removed(int fd)
{
	gboolean removed;
	g_autofree char *type = mounted_type(fd, &removed);

	return removed;
}

static int refuse_other(const char *path, const char *type)
{
	g_printerr(
		"vmcfs: %s: a dead mount of another file system (%s) is there; unmount it first\n",
		path, type ? type : "unknown");
	return EX_CANTCREAT;
}

static int report_unmount(const char *path, int error)
{
	if (error) {
		g_printerr(
			"vmcfs: %s: the mount of a vmcfs that died is there and could not be removed; try: fusermount3 -uz %s\n",
			path, path);
		return EX_CANTCREAT;
	}
	g_printerr(PRINT_NOTICE
		   "vmcfs: %s: removed the mount of a vmcfs that died\n",
		   path);
	return 0;
}

/* The helper of its daemon may remove it at the same time, which sets @removed. */
static int remove_dead(int fd, const char *path, gboolean dry,
		       gboolean *removed)
{
	g_autofree char *type = mounted_type(fd, removed);
	int error;

	if (*removed)
		return 0;
	if (g_strcmp0(type, MOUNT_POINT_TYPE))
		return refuse_other(path, type);
	if (dry)
		return 0;
	error = unmount_descriptor(fd, path);
	if (error && is_removed(fd)) {
		*removed = TRUE;
		return 0;
	}
	*removed = !error;
	return report_unmount(path, error);
}

static int check_directory(int fd, const char *path, mode_t mode)
{
	g_autofree char *type = NULL;
	gboolean removed;

	if (!S_ISDIR(mode)) {
		g_printerr(
			"vmcfs: %s is not a directory; give a directory to mount on\n",
			path);
		return EX_NOINPUT;
	}
	if (g_str_equal(path, "/")) {
		g_printerr(
			"vmcfs: /: a mount on the root directory could not be reached; give another directory\n");
		return EX_CANTCREAT;
	}
	type = mounted_type(fd, &removed);
	if (!g_strcmp0(type, MOUNT_POINT_TYPE)) {
		g_printerr(
			"vmcfs: %s: a vmcfs is mounted there already; unmount it first, or give another directory\n",
			path);
		return EX_CANTCREAT;
	}
	return 0;
}

static int complain(const char *path, int error, const char *why)
{
	g_printerr("vmcfs: %s: %s; give an existing directory to mount on\n",
		   path, why);
	return error == -EACCES ? EX_NOPERM : EX_NOINPUT;
}

static int walk(const char *given, int *fd, char **path)
{
	g_autofree char *why = NULL;
	int error = path_walk(given, fd, &why);

	if (error)
		return complain(given, error, why);
	*path = path_of(*fd);
	if (*path)
		return 0;
	g_printerr("vmcfs: /proc is not mounted; mount it first\n");
	close(*fd);
	return EX_OSERR;
}

/* The exit status is the errno. */
G_NORETURN static void be_contact(int fd)
{
	struct statx attributes;

	_exit(statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_TYPE,
		    &attributes) ?
		      errno :
		      0);
}

/* Return: FALSE if the child does not end in time, or cannot be watched. */
static gboolean ends_in_time(pid_t child)
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, child, 0),
			      .events = POLLIN };
	gboolean ended = end.fd >= 0 && poll(&end, 1, VMCFS_CONTACT_MS) > 0;

	if (end.fd >= 0)
		close(end.fd);
	return ended;
}

/*
 * A process whose request has been received by a daemon that does not answer
 * cannot be killed. So a child makes the request, and is not waited for.
 */
int mount_point_contact(int fd)
{
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (!child)
		be_contact(fd);
	if (!ends_in_time(child)) {
		kill(child, SIGKILL);
		return -ETIMEDOUT;
	}
	return child_wait(child);
}

/* The type of an open file never changes, so it needs no contact. */
static int check_live(int fd, const char *path)
{
	struct statx attributes;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE,
		  &attributes))
		return complain(path, -errno, g_strerror(errno));
	return check_directory(fd, path, attributes.stx_mode);
}

/*
 * A dead mount is found by contacting it: the kernel may still have attributes.
 * Sets @again and returns 0 if a dead mount was removed, or if a mount died
 * during the check, so that the helper of its daemon may be removing it.
 */
static int check(int fd, const char *path, gboolean dry, gboolean *again)
{
	int error = mount_point_contact(fd);

	*again = !dry && error == -ECONNABORTED;
	switch (error) {
	case 0:
		return check_live(fd, path);
	case -ENOTCONN:
		return remove_dead(fd, path, dry, again);
	case -ECONNABORTED:
		return 0;
	case -ETIMEDOUT:
		g_printerr(
			"vmcfs: %s: the file system there does not respond; unmount it first, or give another directory\n",
			path);
		return EX_CANTCREAT;
	case -EAGAIN:
	case -ENOMEM:
		g_printerr("vmcfs: %s: cannot be checked: %s%s\n", path,
			   g_strerror(-error), error_remedy(error));
		return EX_OSERR;
	default:
		return complain(path, error, g_strerror(-error));
	}
}

int mount_point_open(const char *given, gboolean dry, int *fd, char **path)
{
	gboolean again;
	int status;

	do {
		g_autofree char *opened_path = NULL;
		int opened;

		status = walk(given, &opened, &opened_path);
		if (status)
			return status;
		status = check(opened, opened_path, dry, &again);
		if (!status && !again) {
			*fd = opened;
			*path = g_steal_pointer(&opened_path);
		} else {
			close(opened);
		}
	} while (!status && again);
	return status;
}
