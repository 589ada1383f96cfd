/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs: what the privileged helper does for the daemon: mount, unmount, open
 * the device's node, and ask for a device. All parameters are fixed before it
 * is started.
 */
#ifndef VMCFS_VERBS_H
#define VMCFS_VERBS_H

#include "privilege/mount.h"
#include "privilege/privilege.h"

/**
 * struct verbs_plan - what the verbs act on
 * @mount: the mount
 * @node: absolute path of the device's node, or NULL if there is none
 */
struct verbs_plan {
	struct mount_plan mount;
	const char *node;
};

/**
 * verbs_start() - start the helper, and drop all capabilities here
 * @plan: copied by fork(2)
 * @argv: of main(), or NULL
 * @privilege: the result, on success
 *
 * When the daemon has ended, by whatever, the helper removes the mount.
 *
 * Return: 0 or a negative errno, see privilege_start().
 */
int verbs_start(const struct verbs_plan *plan, char **argv,
		struct privilege **privilege);

#endif
