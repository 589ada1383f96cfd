// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unmount: removes the mounts of a descriptor or of a mounted tree. It trusts
 * no path.
 *
 * A device number identifies a file system only during its life. So a mount with
 * our number is ours if our file system still exists. Other mounts are neither
 * opened nor contacted: a reference would make their umount(8) fail.
 */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../defaults.h"
#include "internal.h"

int unmount_descriptor(int fd, const char *path)
{
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", fd);

	if (!umount2(name, MNT_DETACH))
		return 0;
	return errno == EPERM ? fusermount_unmount(path) : -errno;
}

/*
 * A notification about attributes of the root succeeds as long as the file
 * system exists, also on an aborted connection. The kernel releases the device
 * number afterwards.
 */
static gboolean exists(const struct mount *mount)
{
	const struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out root;
	} notification = {
		.header = { .len = sizeof(notification),
			    .error = FUSE_NOTIFY_INVAL_INODE },
		.root = { .ino = FUSE_ROOT_ID, .off = -1 },
	};

	return write(mount->connection, &notification, sizeof(notification)) ==
	       sizeof(notification);
}

/* The daemon, which might not respond, is not asked. */
int mount_of(int fd, struct mount *mount)
{
	struct statx attributes;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &attributes))
		return -errno;
	*mount = (struct mount){
		.connection = -1,
		.major = attributes.stx_dev_major,
		.minor = attributes.stx_dev_minor,
	};
	return 0;
}

gboolean mount_has_file(int fd, const struct mount *mount)
{
	struct mount found = { .connection = -1 };

	return !mount_of(fd, &found) && found.major == mount->major &&
	       found.minor == mount->minor;
}

gboolean mount_is_listed(const struct mount_entry *entry,
			 const struct mount *mount)
{
	return entry->major == mount->major && entry->minor == mount->minor &&
	       g_str_equal(entry->type, MOUNT_POINT_TYPE);
}

/* Return: -EAGAIN if the path has changed since the table was read. */
static int unmount_listed(const struct mount *mount, const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int error = -EAGAIN;

	if (fd < 0)
		return -EAGAIN;
	if (mount_has_file(fd, mount) && exists(mount))
		error = unmount_descriptor(fd, path);
	close(fd);
	return error;
}

/* A mount that remains may be covered by another one. */
static guint count_left(const struct mount *mount)
{
	g_autoptr(GPtrArray) table = mount_table_read();
	guint count = 0;

	for (guint i = 0; table && i < table->len; i++) {
		const struct mount_entry *entry = g_ptr_array_index(table, i);

		count += mount_is_listed(entry, mount);
	}
	return exists(mount) ? count : 0;
}

/* Adds to @done. Return: -EAGAIN if the table must be read again. */
static int unmount_all_listed(const struct mount *mount, guint *done)
{
	g_autoptr(GPtrArray) table = mount_table_read();
	int result = 0;

	if (!table)
		return -EIO;
	if (!exists(mount))
		return 0;
	for (guint i = table->len; i > 0; i--) {
		const struct mount_entry *entry =
			g_ptr_array_index(table, i - 1);
		int error = -ENOENT;

		if (mount_is_listed(entry, mount))
			error = unmount_listed(mount, entry->path);
		if (!error)
			++*done;
		else if (error == -EAGAIN)
			result = -EAGAIN;
	}
	return result;
}

/* Mounts may be renamed between the read of the table and their removal. */
int unmount_tree(const struct mount *mount)
{
	int error = -EAGAIN;
	guint done = 0;

	for (guint i = 0; i < VMCFS_UNMOUNT_PASSES && error == -EAGAIN; i++)
		error = unmount_all_listed(mount, &done);
	if (error == -EIO)
		return error;
	if (count_left(mount))
		return -EBUSY;
	return done ? 0 : -ENOENT;
}
