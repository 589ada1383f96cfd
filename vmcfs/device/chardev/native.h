/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session on the driver of this project, which has OPEN and INFO.
 */
#ifndef VMCFS_CHARDEV_VMCFS_H
#define VMCFS_CHARDEV_VMCFS_H

#include "session.h"

extern const struct chardev_session_ops chardev_vmcfs_ops;

#endif
