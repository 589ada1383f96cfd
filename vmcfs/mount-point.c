// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at a mount point by stat(2), and by the kernel's list of mounts
 * where that cannot tell.
 */
#include "mount-point.h"

#include <errno.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <glib.h>

#define FILE_SYSTEM_TYPE "fuse.vmcfs"

/* As many symbolic links as the kernel follows. */
#define LINKS_MAX 40

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
	const char *const argv[] = {
		"fusermount3", "-u", "-z", "--", path, NULL
	};
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
		g_printerr(
			"vmcfs: %s: a dead mount of another file system (%s) is there; unmount it first\n",
			path, type ? type : "unknown");
		return EX_CANTCREAT;
	}
	if (!unmount_dead(path)) {
		g_printerr(
			"vmcfs: %s: the mount of a vmcfs that died is there and could not be removed; try: fusermount3 -uz %s\n",
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
		g_printerr(
			"vmcfs: %s is not a directory; give a directory to mount on\n",
			path);
		return EX_NOINPUT;
	}
	type = mounted_type(path);
	if (!g_strcmp0(type, FILE_SYSTEM_TYPE)) {
		g_printerr(
			"vmcfs: %s: a vmcfs is mounted there already; unmount it first, or give another directory\n",
			path);
		return EX_CANTCREAT;
	}
	return 0;
}

/*
 * The path without symbolic links. Its last part may be a dead mount, which
 * realpath(3) cannot look at; what a link there points to can be read.
 */
static char *resolve(const char *path)
{
	g_autofree char *current = g_strdup(path);

	for (int links = 0; links < LINKS_MAX; links++) {
		g_autofree char *parent = g_path_get_dirname(current);
		g_autofree char *name = g_path_get_basename(current);
		g_autofree char *real = realpath(parent, NULL);
		g_autofree char *target = NULL;

		if (!real)
			return NULL;
		g_free(current);
		current = g_build_filename(real, name, NULL);
		target = g_file_read_link(current, NULL);
		if (!target)
			return g_steal_pointer(&current);
		g_free(current);
		current = g_canonicalize_filename(target, real);
	}
	errno = ELOOP;
	return NULL;
}

static int complain(const char *path)
{
	g_printerr("vmcfs: %s: %s; give an existing directory to mount on\n",
		   path, g_strerror(errno));
	return errno == EACCES ? EX_NOPERM : EX_NOINPUT;
}

int mount_point_prepare(const char *given, char **resolved)
{
	g_autofree char *path = resolve(given);
	struct stat attributes;
	int status;

	if (!path)
		return complain(given);

	while (stat(path, &attributes)) {
		if (errno != ENOTCONN)
			return complain(path);
		status = clean_dead(path);
		if (status)
			return status;
	}
	status = check_directory(path, &attributes);
	if (!status)
		*resolved = g_steal_pointer(&path);
	return status;
}
