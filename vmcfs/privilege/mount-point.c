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
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "internal.h"

/* Return: the type of the file system of which @fd is the root, or NULL. */
static char *mounted_type(int fd)
{
	g_autoptr(GPtrArray) table = NULL;
	const struct mount_entry *entry;
	struct statx attributes;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		  &attributes) ||
	    !(attributes.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return NULL;
	table = mount_table_read();
	entry = table ? mount_table_find(table, attributes.stx_mnt_id) : NULL;
	return entry ? g_strdup(entry->type) : NULL;
}

static int remove_dead(int fd, const char *path, gboolean dry)
{
	g_autofree char *type = mounted_type(fd);

	if (g_strcmp0(type, MOUNT_POINT_TYPE)) {
		g_printerr(
			"vmcfs: %s: a dead mount of another file system (%s) is there; unmount it first\n",
			path, type ? type : "unknown");
		return EX_CANTCREAT;
	}
	if (dry)
		return 0;
	if (unmount_descriptor(fd, path)) {
		g_printerr(
			"vmcfs: %s: the mount of a vmcfs that died is there and could not be removed; try: fusermount3 -uz %s\n",
			path, path);
		return EX_CANTCREAT;
	}
	g_printerr("vmcfs: %s: removed the mount of a vmcfs that died\n", path);
	return 0;
}

static int check_directory(int fd, const char *path, mode_t mode)
{
	g_autofree char *type = NULL;

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
	type = mounted_type(fd);
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

/*
 * A dead mount is found by contacting it: the kernel may still have attributes.
 * Sets @again and returns 0 if a dead mount was removed, or if a mount died
 * during the check, so that the helper of its daemon may be removing it.
 */
static int check(int fd, const char *path, gboolean dry, gboolean *again)
{
	struct statx attributes;

	*again = FALSE;
	if (!statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_TYPE,
		   &attributes))
		return check_directory(fd, path, attributes.stx_mode);
	if (errno != ENOTCONN && errno != ECONNABORTED)
		return complain(path, -errno, g_strerror(errno));
	*again = !dry;
	return errno == ENOTCONN ? remove_dead(fd, path, dry) : 0;
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
