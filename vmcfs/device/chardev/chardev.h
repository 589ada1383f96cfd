/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The back end for a character device of the kernel (/dev/ibmvmc): for the
 * driver of this project, and for the one that comes with Linux. It finds out
 * by itself which of them there is.
 */
#ifndef VMCFS_DEVICE_CHARDEV_H
#define VMCFS_DEVICE_CHARDEV_H

#include "../../privilege/privilege.h"
#include "../device.h"

/**
 * device_chardev_new() - use a character device
 * @path: of its node
 * @privilege: of the helper that opens it; must outlive the device
 * @device: the result, on success; its event sources run in the default main
 *	context
 * @why: set on failure to a sentence, to be freed
 *
 * There has to be a driver now; that it goes and comes later does no harm, and
 * a channel need not be there.
 *
 * Return: 0; -ENODEV: there is none, or it is something else; -EACCES; or
 * another negative errno of open(2).
 */
int device_chardev_new(const char *path, struct privilege *privilege,
		       struct device **device, char **why);

#endif
