/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printing: lines for the user who starts the program, by g_print() and
 * g_printerr(). A line of g_printerr() is an error, unless its text begins with
 * one of the priorities below; it begins with "vmcfs: " after that.
 */
#ifndef VMCFS_PRINTING_H
#define VMCFS_PRINTING_H

/* Priorities of sd-daemon(3); only the journal receives them. */
#define PRINT_WARNING "<4>"
#define PRINT_NOTICE "<5>"

/**
 * printing_init() - choose the format of later lines
 *
 * If standard error is the journal, which adds the name of the program, lines have
 * a priority instead of that name. Call it when descriptors 0, 1 and 2 are open.
 */
void printing_init(void);

#endif
