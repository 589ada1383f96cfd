// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trees: finds the mounted tree, and opens its directory. It mounts nothing.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define MOUNTINFO "/proc/self/mountinfo"
#define TYPE "fuse.vmcfs"

/* Fields of a line of mountinfo that are used. */
#define FIELD_ID 0
#define FIELD_DEVICE 2
#define FIELD_ROOT 3
#define FIELD_PATH 4

/* Return: whether a line is of a whole tree, at a place where it can be used. */
static gboolean is_tree(const char *line, char **fields, const char *path,
			gboolean (*is_visible)(const char *path, guint64 id))
{
	const char *end = strstr(line, " - ");

	return end && g_str_has_prefix(end, " - " TYPE " ") &&
	       g_str_equal(fields[FIELD_ROOT], "/") &&
	       is_visible(path, g_ascii_strtoull(fields[FIELD_ID], NULL, 10));
}

GPtrArray *mounts_find(const char *mountinfo,
		       gboolean (*is_visible)(const char *path, guint64 id))
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) devices =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(mountinfo, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], " ", -1);
		g_autofree char *path = NULL;

		if (g_strv_length(fields) <= FIELD_PATH)
			continue;
		path = g_strcompress(fields[FIELD_PATH]);
		if (is_tree(lines[i], fields, path, is_visible) &&
		    g_hash_table_add(devices, g_strdup(fields[FIELD_DEVICE])))
			g_ptr_array_add(paths, g_steal_pointer(&path));
	}
	return paths;
}

/*
 * Asks for no attribute, so that neither a daemon that does not respond nor a tree
 * of another user is a difficulty; the kernel returns the number of the mount. A
 * path that this user cannot reach is left to the attempt to open it.
 */
static gboolean is_visible(const char *path, guint64 id)
{
	struct statx found;

	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0,
		  &found))
		return errno != ENOENT && errno != ENOTDIR;
	return !(found.stx_mask & STATX_MNT_ID) || found.stx_mnt_id == id;
}

static int choose(const GPtrArray *paths, char **path)
{
	g_autoptr(GString) all = g_string_new(NULL);

	if (!paths->len) {
		complain(
			"no tree is mounted; mount one with 'vmcfs DIR', or give its directory with -m DIR");
		return EX_NOINPUT;
	}
	if (paths->len == 1) {
		*path = g_strdup(g_ptr_array_index(paths, 0));
		return 0;
	}
	for (guint i = 0; i < paths->len; i++)
		g_string_append_printf(all, "%s%s", i ? ", " : "",
				       (const char *)g_ptr_array_index(paths,
								       i));
	complain(
		"several trees are mounted: %s; choose one with -m DIR or VMCFS_MOUNT",
		all->str);
	return EX_USAGE;
}

static int find_path(const char *given, char **path)
{
	g_autoptr(GPtrArray) paths = NULL;
	g_autofree char *text = NULL;

	if (!given)
		given = g_getenv("VMCFS_MOUNT");
	if (given && *given) {
		*path = g_strdup(given);
		return 0;
	}
	if (!g_file_get_contents(MOUNTINFO, &text, NULL, NULL)) {
		complain(MOUNTINFO
			 " cannot be read; give the directory with -m DIR");
		return EX_NOINPUT;
	}
	paths = mounts_find(text, is_visible);
	return choose(paths, path);
}

/* Any directory can be given: expects files that each tree has. */
static int check_tree(const struct ctl_tree *tree)
{
	static const char *const names[] = { "status", "control", "README" };
	gsize found = 0;
	int error = 0;

	while (!error && found < G_N_ELEMENTS(names)) {
		if (faccessat(tree->directory, names[found], F_OK, 0))
			error = errno;
		else
			found++;
	}
	if (!error)
		return 0;
	if (error != ENOENT)
		return failure_report(tree, VMCCTL_ROOT, -error,
				      "find its status");
	if (found && !faccessat(tree->directory, "message", F_OK, 0)) {
		complain(
			"%s is the directory of an index; give its tree: -m '%s/..'",
			tree->path, tree->path);
		return EX_NOINPUT;
	}
	complain(
		"%s is not a tree of vmcfs; give the directory of a mounted one with -m DIR or VMCFS_MOUNT",
		tree->path);
	return EX_NOINPUT;
}

int tree_open(const char *given, struct ctl_tree *tree)
{
	struct ctl_tree opened = { 0 };
	time_t now = time(NULL);
	struct tm parts;
	int status = find_path(given, &opened.path);

	if (status)
		return status;
	strftime(opened.started, sizeof(opened.started), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &parts));
	opened.directory = open(opened.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (opened.directory < 0) {
		complain("%s cannot be opened: %s", opened.path,
			 strerror(errno));
		status = failure_status(errno);
	} else {
		status = check_tree(&opened);
	}
	if (status)
		tree_close(&opened);
	else
		*tree = opened;
	return status;
}
