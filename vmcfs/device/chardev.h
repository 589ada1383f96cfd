/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The back end for a character device of the kernel (/dev/ibmvmc).
 */
#ifndef VMCFS_DEVICE_CHARDEV_H
#define VMCFS_DEVICE_CHARDEV_H

#include "device.h"

/**
 * device_chardev_new() - use a character device
 * @path: of its node
 * @device: the result, on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, or -ENOSYS: this version has no such back end yet.
 */
int device_chardev_new(const char *path, struct device **device, char **why);

#endif
