/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities: asks for and gives up those of the calling thread. It gains
 * none.
 */
#ifndef VMCFS_CAPABILITY_H
#define VMCFS_CAPABILITY_H

#include <linux/capability.h>

#include <glib.h>

/**
 * capability_is_held() - look at the effective set
 * @capability: CAP_...
 */
gboolean capability_is_held(int capability);

/**
 * capability_keep() - give up all other capabilities
 * @kept: mask of those that stay permitted and effective if they are
 *
 * The inheritable and the ambient set are emptied, and so is the bounding set
 * if CAP_SETPCAP is held. Call it while the process has one thread: the kernel
 * keeps these sets for each thread.
 *
 * Return: 0 or a negative errno.
 */
int capability_keep(guint64 kept);

#endif
