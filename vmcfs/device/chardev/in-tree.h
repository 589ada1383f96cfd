/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session on the driver that comes with Linux, which has neither OPEN nor
 * INFO, and no poll(2) but for messages.
 */
#ifndef VMCFS_CHARDEV_IN_TREE_H
#define VMCFS_CHARDEV_IN_TREE_H

#include "session.h"

extern const struct chardev_session_ops chardev_in_tree_ops;

#endif
