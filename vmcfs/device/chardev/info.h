/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the driver of a character device tells about itself, in the terms of the
 * device interface. Pure functions.
 */
#ifndef VMCFS_CHARDEV_INFO_H
#define VMCFS_CHARDEV_INFO_H

#include "../device.h"
#include "uapi/ibmvmc.h"

/**
 * chardev_info_state() - a state of the channel, as QUERY and INFO tell it
 * @state: IBMVMC_CHANNEL_ value; one that is not known counts as under way
 */
enum device_state chardev_info_state(gint32 state);

/**
 * chardev_info_reset() - what the last reset was, in words
 * @kind: IBMVMC_RESET_ value
 *
 * Return: the words, or NULL if there was none.
 */
const char *chardev_info_reset(guint32 kind);

/**
 * chardev_info_channel() - the channel's part of an answer to INFO
 * @from: as the driver filled it
 * @to: filled completely
 */
void chardev_info_channel(const struct ibmvmc_ioc_info *from,
			  struct device_info *to);

/**
 * chardev_info_hmc() - the session's part of an answer to INFO
 * @from: as the driver filled it
 * @to: filled completely
 */
void chardev_info_hmc(const struct ibmvmc_ioc_info *from,
		      struct device_hmc_info *to);

/**
 * chardev_info_open_error() - an error of an open as the tree tells it
 * @error: negative errno of the driver
 * @waited: it came later, else at once
 *
 * An index that the driver never has is not there. An index that is used by
 * others is told at once; one that is still in use, or without a buffer, after a
 * while has waited for the hypervisor in vain. The other errors are the tree's
 * own.
 *
 * Return: the negative errno.
 */
int chardev_info_open_error(int error, gboolean waited);

#endif
