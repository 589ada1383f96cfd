/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ioctls of /dev/ibmvmc as functions: the one place of the daemon that
 * makes one. What an answer means is its caller's affair; which errors each may
 * give stands in uapi/ibmvmc.h.
 */
#ifndef VMCFS_CHARDEV_IOCTL_H
#define VMCFS_CHARDEV_IOCTL_H

#include <glib.h>

#include "uapi/ibmvmc.h"

/**
 * chardev_ioctl_query() - QUERY
 * @fd: of the device
 * @query: filled on success
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_query(int fd, struct ibmvmc_query *query);

/**
 * chardev_ioctl_info() - INFO
 * @fd: of the device
 * @info: filled on success; what the driver does not know is 0
 *
 * Return: 0 or a negative errno; -EINVAL or -ENOTTY of a driver without INFO.
 */
int chardev_ioctl_info(int fd, struct ibmvmc_ioc_info *info);

/**
 * chardev_ioctl_open() - OPEN
 * @fd: of the device, with O_NONBLOCK
 * @index: HMC index
 * @hmc_id: the application's name
 * @timeout_ms: how long it may take, 1..IBMVMC_TIMEOUT_MAX_MS
 *
 * Return: 0, -EINPROGRESS, or another negative errno.
 */
int chardev_ioctl_open(int fd, guint index,
		       const guint8 hmc_id[IBMVMC_HMC_ID_LEN],
		       guint timeout_ms);

/**
 * chardev_ioctl_set_hmc_id() - SETHMCID
 * @fd: of the device
 * @hmc_id: the application's name
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_set_hmc_id(int fd, const guint8 hmc_id[IBMVMC_HMC_ID_LEN]);

/**
 * chardev_ioctl_request_vmc() - REQUESTVMC; it may sleep for minutes
 * @fd: of the device
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_request_vmc(int fd);

#endif
