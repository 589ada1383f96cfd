// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening by path, each time anew: a driver that was unloaded and loaded again
 * may come back under another device number.
 */
#include "chardev-node.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chardev-ioctl.h"

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
	default:
		*why = g_strdup_printf("%s cannot be opened: %s", path,
				       g_strerror(error));
		return -error;
	}
}

int chardev_node_open(const char *path, int *fd, char **why)
{
	struct stat attributes;
	int opened;

	if (stat(path, &attributes))
		return complain(path, errno, why);
	if (!S_ISCHR(attributes.st_mode)) {
		*why = g_strdup_printf(
			"%s is not a character device; name the one of the driver, such as /dev/ibmvmc, or sim",
			path);
		return -ENODEV;
	}
	opened = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (opened < 0)
		return complain(path, errno, why);
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
