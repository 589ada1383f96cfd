/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The errors a user can meet: one table of what each errno means in the tree,
 * one of what helps against it at the start. The sentences of single failures
 * are made where they happen.
 */
#ifndef VMCFS_ERRORS_H
#define VMCFS_ERRORS_H

#include <glib.h>

/**
 * struct error_meaning - one line of the table
 * @number: the errno, positive
 * @name: as C spells it
 * @meaning: what it says in this tree
 */
struct error_meaning {
	int number;
	const char *name;
	const char *meaning;
};

extern const struct error_meaning error_table[];
extern const gsize error_table_len;

/**
 * error_name() - the name of an errno
 * @error: errno, negative or positive
 *
 * Return: as C spells it if it is in the table, else a text from strerror().
 */
const char *error_name(int error);

/**
 * error_meaning() - what an errno says in this tree
 * @error: errno, negative or positive
 *
 * Return: the table's words, else a text from strerror().
 */
const char *error_meaning(int error);

/**
 * error_remedy() - what helps against an error of a system call at the start
 * @error: errno, negative or positive
 *
 * Return: words with a semicolon before them, to be put after the error; empty
 * if there are none.
 */
const char *error_remedy(int error);

#endif
