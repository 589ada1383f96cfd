// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount copy: copies the mount of a tree, and looks whether the tree is still
 * mounted. It attaches no mount.
 *
 * Only CAP_SYS_ADMIN may copy a mount. An ordinary user has that capability in a
 * user namespace of a child process, if the system permits such namespaces, and
 * the copy outlives the namespace.
 */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

gboolean mount_is_visible(const struct mount *mount, int fd)
{
	g_autoptr(GPtrArray) table = mount_table_read_open(fd);

	for (guint i = 0; table && i < table->len; i++) {
		if (mount_is_listed(g_ptr_array_index(table, i), mount))
			return TRUE;
	}
	return FALSE;
}

int mount_watch(const char *path, struct mount *mount)
{
	g_autoptr(GPtrArray) table = NULL;
	int fd = mount_table_open();
	const struct mount_entry *entry = NULL;

	if (fd < 0)
		return fd;
	table = mount_table_read_open(fd);
	if (table)
		entry = mount_table_at(table, path);
	if (!entry) {
		close(fd);
		return -ENOENT;
	}
	mount->connection = -1;
	mount->major = entry->major;
	mount->minor = entry->minor;
	return fd;
}

int mount_copy_root(int fd)
{
	int root = open_tree(
		fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	return root < 0 ? -errno : root;
}

static int copy(const struct mount *mount, const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int result = -ENOENT;

	if (fd < 0)
		return -errno;
	if (mount_has_file(fd, mount))
		result = mount_copy_root(fd);
	close(fd);
	return result;
}

/* Sends the copy, or the errno of the failure. */
G_NORETURN static void be_copier(const struct mount *mount, const char *path,
				 int socket)
{
	int error = unshare(CLONE_NEWUSER | CLONE_NEWNS) ? -EUSERS : 0;
	int fd = error ? -1 : copy(mount, path);

	/* Some systems permit a namespace, and no capability in it. */
	if (!error && fd < 0)
		error = fd == -EPERM ? -EUSERS : fd;
	descriptor_send(socket, &error, sizeof(error), fd);
	_exit(EXIT_SUCCESS);
}

static int copy_in_namespace(const struct mount *mount, const char *path)
{
	int ends[2], error = -EUSERS, fd = -1;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	child = fork();
	if (!child)
		be_copier(mount, path, ends[1]);
	close(ends[1]);
	if (child > 0) {
		descriptor_receive(ends[0], &error, sizeof(error), &fd);
		child_wait(child);
	}
	close(ends[0]);
	return fd >= 0 ? fd : error;
}

static int open_tables(struct mount_copy *opened)
{
	for (gsize i = 0; i < G_N_ELEMENTS(opened->tables); i++) {
		opened->tables[i] = mount_table_open();
		if (opened->tables[i] < 0)
			return opened->tables[i];
	}
	return 0;
}

int mount_copy_open(const struct mount *mount, const char *path, int root,
		    struct mount_copy *opened)
{
	int error;

	*opened = (struct mount_copy)MOUNT_COPY_CLOSED;
	opened->root = root;
	error = open_tables(opened);
	if (!error && root < 0) {
		opened->root = capability_is_held(CAP_SYS_ADMIN) ?
				       copy(mount, path) :
				       copy_in_namespace(mount, path);
		error = MIN(opened->root, 0);
	}
	if (error)
		mount_copy_close(opened);
	return error;
}

void mount_copy_close(struct mount_copy *opened)
{
	if (opened->root >= 0)
		close(opened->root);
	for (gsize i = 0; i < G_N_ELEMENTS(opened->tables); i++) {
		if (opened->tables[i] >= 0)
			close(opened->tables[i]);
	}
	*opened = (struct mount_copy)MOUNT_COPY_CLOSED;
}
