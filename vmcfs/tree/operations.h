/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The FUSE operations: requests come in here and go to the file they are for.
 */
#ifndef VMCFS_OPERATIONS_H
#define VMCFS_OPERATIONS_H

#include "fuse.h"

/* All operations; their user data is the struct tree. */
extern const struct fuse_lowlevel_ops operations;

#endif
