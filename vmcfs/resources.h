/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resources: checks before the start that the limits of the process leave what
 * the daemon needs. It reserves nothing.
 */
#ifndef VMCFS_RESOURCES_H
#define VMCFS_RESOURCES_H

/**
 * resources_check() - try to get descriptors and memory
 *
 * GLib ends the process where it gets neither. Prints on standard error what is
 * missing.
 *
 * Return: 0, or the exit status to end with.
 */
int resources_check(void);

#endif
