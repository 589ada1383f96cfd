// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tree files: opens and reads the files of an open tree, and lists its HMC
 * indices. It prints nothing.
 */
#include "vmcctl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void tree_close(struct ctl_tree *tree)
{
	if (tree->directory >= 0)
		close(tree->directory);
	g_free(tree->path);
}

int tree_open_file(const struct ctl_tree *tree, int index, const char *name,
		   int flags)
{
	g_autofree char *path =
		index < 0 ? g_strdup(name) :
			    g_strdup_printf("hmc%d/%s", index, name);
	int descriptor = openat(tree->directory, path, flags | O_CLOEXEC);

	return descriptor < 0 ? -errno : descriptor;
}

int tree_read_status(const struct ctl_tree *tree, int index, char **text)
{
	g_autoptr(GString) contents = g_string_new(NULL);
	int descriptor = tree_open_file(tree, index, "status", O_RDONLY);
	char part[4096];
	gssize len;
	int error;

	if (descriptor < 0)
		return descriptor;
	while ((len = read(descriptor, part, sizeof(part))) > 0)
		g_string_append_len(contents, part, len);
	error = len < 0 ? -errno : 0;
	close(descriptor);
	if (!error)
		*text = g_string_free(g_steal_pointer(&contents), FALSE);
	return error;
}

static int compare(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

int tree_indices(const struct ctl_tree *tree, GArray **indices)
{
	int descriptor = openat(tree->directory, ".",
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;
	GArray *found;

	if (!directory)
		return -errno;
	found = g_array_new(FALSE, FALSE, sizeof(int));
	while ((entry = readdir(directory))) {
		guint64 number;

		if (g_str_has_prefix(entry->d_name, "hmc") &&
		    g_ascii_string_to_unsigned(entry->d_name + strlen("hmc"),
					       10, 0, G_MAXINT, &number,
					       NULL)) {
			int index = (int)number;

			g_array_append_val(found, index);
		}
	}
	closedir(directory);
	g_array_sort(found, compare);
	*indices = found;
	return 0;
}
