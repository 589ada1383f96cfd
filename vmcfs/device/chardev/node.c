// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Node of the character device: it is opened by path each time, since a driver
 * that was loaded again may have another device number. The daemon asks its
 * helper for that.
 */
#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ioctl.h"

const char *chardev_node_word(enum chardev_driver driver)
{
	switch (driver) {
	case CHARDEV_DRIVER_NONE:
		return "none";
	case CHARDEV_DRIVER_VMCFS:
		return "vmcfs";
	case CHARDEV_DRIVER_IN_TREE:
		return "in-tree";
	}
	return "unknown";
}

static int complain(const char *path, int error, char **why)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		*why = g_strdup_printf(
			"%s does not exist; load the driver with 'modprobe ibmvmc', or name another device",
			path);
		return -ENODEV;
	case ENXIO:
	case ENODEV:
		*why = g_strdup_printf(
			"%s has no driver behind it; load one with 'modprobe ibmvmc'",
			path);
		return -ENODEV;
	case EACCES:
	case EPERM:
		*why = g_strdup_printf(
			"%s may not be opened by this user; run vmcfs as root, or change the owner or the mode of the device",
			path);
		return -EACCES;
	case ENOTTY:
		*why = g_strdup_printf(
			"%s is not a character device; name the one of the driver, such as /dev/ibmvmc, or sim",
			path);
		return -ENODEV;
	case ETIMEDOUT:
		*why = g_strdup_printf(
			"%s was not opened in time: its driver, or the modprobe for it, does not answer; see the kernel's log",
			path);
		return -ETIMEDOUT;
	case EPIPE:
		*why = g_strdup_printf(
			"%s cannot be opened, since the privileged helper has ended; restart vmcfs",
			path);
		return -EIO;
	default:
		*why = g_strdup_printf("%s cannot be opened: %s", path,
				       g_strerror(error));
		return -error;
	}
}

int chardev_node_open_path(const char *path, int flags, int *fd)
{
	g_autofree char *checked = NULL;
	struct stat attributes;
	int node = open(path, O_PATH | O_CLOEXEC);
	int error = 0;

	if (node < 0)
		return -errno;
	checked = g_strdup_printf("/proc/self/fd/%d", node);
	if (fstat(node, &attributes))
		error = -errno;
	else if (!S_ISCHR(attributes.st_mode))
		error = -ENOTTY;
	if (!error) {
		*fd = open(checked, O_RDWR | O_CLOEXEC | O_NOCTTY | flags);
		error = *fd < 0 ? -errno : 0;
	}
	close(node);
	return error;
}

int chardev_node_open(struct privilege *privilege, const char *path,
		      int timeout_ms, int *fd, char **why)
{
	int opened;
	int error = privilege_call(privilege, HELPER_OPEN_NODE, timeout_ms,
				   &opened);

	if (error)
		return complain(path, -error, why);
	*fd = opened;
	return 0;
}

int chardev_node_recognise(const char *path, int fd,
			   enum chardev_driver *driver, char **why)
{
	struct ibmvmc_ioc_info info;
	struct ibmvmc_query query;

	if (!chardev_ioctl_info(fd, &info)) {
		*driver = CHARDEV_DRIVER_VMCFS;
		return 0;
	}
	if (!chardev_ioctl_query(fd, &query)) {
		*driver = CHARDEV_DRIVER_IN_TREE;
		return 0;
	}
	*why = g_strdup_printf(
		"%s is not a Virtual Management Channel; name the device of the driver, such as /dev/ibmvmc, or sim",
		path);
	return -ENODEV;
}
