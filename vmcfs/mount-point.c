// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at a mount point by stat(2), and by the kernel's list of mounts
 * where that cannot tell.
 */
#include "mount-point.h"

#include <errno.h>
#include <mntent.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <glib.h>

#define FILE_SYSTEM_TYPE "fuse.vmcfs"

/* The type of what is mounted last on a path, to be freed, or NULL. */
static char *mounted_type(const char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	g_autofree char *type = NULL;
	struct mntent *entry;

	if (!mounts)
		return NULL;
	while ((entry = getmntent(mounts))) {
		if (g_strcmp0(entry->mnt_dir, path))
			continue;
		g_free(type);
		type = g_strdup(entry->mnt_type);
	}
	endmntent(mounts);
	return g_steal_pointer(&type);
}

/* As root, or with the help of libfuse's own tool. */
static gboolean unmount_dead(const char *path)
{
	const char *const argv[] = { "fusermount3", "-u", "-z", "--", path,
				     NULL };
	gint status = -1;

	if (!umount2(path, MNT_DETACH))
		return TRUE;
	return g_spawn_sync(NULL, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH,
			    NULL, NULL, NULL, NULL, &status, NULL) &&
	       g_spawn_check_wait_status(status, NULL);
}

static int clean_dead(const char *path)
{
	g_autofree char *type = mounted_type(path);

	if (g_strcmp0(type, FILE_SYSTEM_TYPE)) {
		g_printerr("vmcfs: %s: a dead mount of another file system (%s) is there; unmount it first\n",
			   path, type ? type : "unknown");
		return EX_CANTCREAT;
	}
	if (!unmount_dead(path)) {
		g_printerr("vmcfs: %s: the mount of a vmcfs that died is there and could not be removed; try: fusermount3 -uz %s\n",
			   path, path);
		return EX_CANTCREAT;
	}
	g_printerr("vmcfs: %s: removed the mount of a vmcfs that died\n", path);
	return 0;
}

static int check_directory(const char *path, const struct stat *attributes)
{
	g_autofree char *type = NULL;

	if (!S_ISDIR(attributes->st_mode)) {
		g_printerr("vmcfs: %s is not a directory; give a directory to mount on\n",
			   path);
		return EX_NOINPUT;
	}
	type = mounted_type(path);
	if (!g_strcmp0(type, FILE_SYSTEM_TYPE)) {
		g_printerr("vmcfs: %s: a vmcfs is mounted there already; unmount it first, or give another directory\n",
			   path);
		return EX_CANTCREAT;
	}
	return 0;
}

int mount_point_prepare(const char *path)
{
	struct stat attributes;
	int status;

	while (stat(path, &attributes)) {
		if (errno != ENOTCONN) {
			g_printerr("vmcfs: %s: %s; give an existing directory to mount on\n",
				   path, g_strerror(errno));
			return errno == EACCES ? EX_NOPERM : EX_NOINPUT;
		}
		status = clean_dead(path);
		if (status)
			return status;
	}
	return check_directory(path, &attributes);
}
