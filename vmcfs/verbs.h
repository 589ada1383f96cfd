/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs: the actions of the privileged helper: mount, unmount, announce changes
 * to inotify, open the node of the device, request a VMC device. The daemon
 * cannot change their parameters after the start.
 */
#ifndef VMCFS_VERBS_H
#define VMCFS_VERBS_H

#include "marks.h"
#include "privilege/mount.h"
#include "privilege/privilege.h"

/**
 * struct verbs_plan - parameters of the verbs
 * @mount: parameters of the mount; without @at the tree is mounted already
 * @copy: copy of the mount of a tree that is mounted already, or closed
 * @marks: changes to announce, or NULL to announce none
 * @node: absolute path of the device's node, or NULL if there is none
 */
struct verbs_plan {
	struct mount_plan mount;
	struct mount_copy copy;
	struct marks *marks;
	const char *node;
};

/**
 * verbs_start() - start the helper, and drop all capabilities here
 * @plan: copied by fork(2)
 * @argv: argument of main(), or NULL
 * @privilege: set on success
 *
 * When the daemon ends, for whatever reason, the helper removes the mount.
 *
 * Return: 0 or a negative errno, see privilege_start().
 */
int verbs_start(const struct verbs_plan *plan, char **argv,
		struct privilege **privilege);

#endif
