/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filter: the system calls that the daemon and its helper may make (seccomp).
 * Paths and the contents of memory are out of its reach.
 */
#ifndef VMCFS_FILTER_H
#define VMCFS_FILTER_H

enum filter_role {
	FILTER_DAEMON, /* serves requests */
	FILTER_HELPER, /* mounts, unmounts, opens and asks the device */
};

/**
 * filter_install() - refuse all other system calls from now on
 * @role: which calls are allowed
 *
 * Covers all threads, and those and the processes that come later. A refused
 * call fails with EPERM and is logged by the kernel; in a build with
 * -Dseccomp_action=kill it ends the process. Needs no_new_privs.
 *
 * Return: 0; -ENOSYS: the kernel has no such filters; or another negative
 * errno.
 */
int filter_install(enum filter_role role);

#endif
