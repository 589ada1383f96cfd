/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of /sys/class/misc/ibmvmc, as docs/abi/sysfs-ibmvmc promises
 * them.
 */
#ifndef IBMVMC_SYSFS_H
#define IBMVMC_SYSFS_H

struct attribute_group;

/* NULL-terminated; the device's driver data is its miscdevice. */
extern const struct attribute_group *ibmvmc_sysfs_groups[];

#endif
