/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libfuse's low-level interface, in the version this daemon is written for,
 * and the open flags that this version has no field for.
 */
#ifndef VMCFS_FUSE_H
#define VMCFS_FUSE_H

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#endif
