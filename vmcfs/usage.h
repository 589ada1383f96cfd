/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Usage: the text of --help. It lists the options; options.c and
 * mount-options.c read them.
 */
#ifndef VMCFS_USAGE_H
#define VMCFS_USAGE_H

#include <glib.h>

/**
 * usage_text() - how vmcfs is started and ended
 *
 * Return: lines of at most 80 columns, to be freed.
 */
char *usage_text(void);

#endif
