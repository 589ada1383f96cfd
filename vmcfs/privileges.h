/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Privileges: gives the helper what the options say, and confines the daemon.
 * What is allowed stands in privilege/filter.c.
 */
#ifndef VMCFS_PRIVILEGES_H
#define VMCFS_PRIVILEGES_H

#include "options.h"
#include "privilege/privilege.h"

/**
 * privileges_start() - start the helper; this process drops all capabilities
 * @options: parsed
 * @at: from mount_point_open(); closed
 * @argv: of main()
 * @privilege: the result, on success
 *
 * Prints what went wrong on standard error.
 *
 * Return: 0, or the exit status to end with.
 */
int privileges_start(const struct options *options, int at, char **argv,
		     struct privilege **privilege);

/**
 * privileges_confine() - filter the system calls of this process
 *
 * A kernel without such filters is reported as a warning.
 *
 * Return: 0 or a negative errno.
 */
int privileges_confine(void);

#endif
