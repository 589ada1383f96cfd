/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chardev: the back end for a character device of the kernel (/dev/ibmvmc). It
 * recognises the native and the in-tree driver. It loads neither.
 */
#ifndef VMCFS_DEVICE_CHARDEV_H
#define VMCFS_DEVICE_CHARDEV_H

#include "../../privilege/privilege.h"
#include "../device.h"

/**
 * device_chardev_new() - make a device from a character device
 * @path: path of its node
 * @privilege: helper that opens it; must outlive the device
 * @device: set on success; its event sources run in the default main context
 * @why: set on failure to a sentence, to be freed
 *
 * A driver must be loaded; it may be unloaded and loaded again later. A channel
 * need not exist.
 *
 * Return: 0; -ENODEV: there is no driver, or the node is something else;
 * -EACCES; or another negative errno of open(2).
 */
int device_chardev_new(const char *path, struct privilege *privilege,
		       struct device **device, char **why);

#endif
