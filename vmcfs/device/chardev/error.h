/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the errors of an open mean on a character device, where that is more
 * than the table of errors says. A pure function.
 */
#ifndef VMCFS_CHARDEV_ERROR_H
#define VMCFS_CHARDEV_ERROR_H

#include "node.h"
#include "../device.h"

/**
 * chardev_open_error() - words for an error
 * @driver: who gave it
 * @state: of the channel
 * @error: negative errno
 *
 * Return: what it is and what to do, or NULL: the table's words will do.
 */
const char *chardev_open_error(enum chardev_driver driver,
			       enum device_state state, int error);

#endif
