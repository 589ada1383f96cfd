/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors: the meaning of each errno in the tree, remedies for failures at the
 * start, the last error of an object as a sentence, and the format of printed
 * errors. It decides no error.
 */
#ifndef VMCFS_ERRORS_H
#define VMCFS_ERRORS_H

#include <glib.h>

/**
 * struct error_meaning - row of the table
 * @number: errno, positive
 * @name: its name in C
 * @meaning: its meaning in this tree
 */
struct error_meaning {
	int number;
	const char *name;
	const char *meaning;
};

extern const struct error_meaning error_table[];
extern const gsize error_table_len;

/**
 * error_name() - name an errno
 * @error: errno, negative or positive
 *
 * Return: its name in C if it is in the table, else a text from strerror().
 */
const char *error_name(int error);

/**
 * error_meaning() - explain an errno of this tree
 * @error: errno, negative or positive
 *
 * Return: its meaning from the table, else a text from strerror().
 */
const char *error_meaning(int error);

/**
 * error_remedy() - find the remedy for an error of a system call at the start
 * @error: errno, negative or positive
 *
 * Return: a clause that begins with a semicolon, to append to the message;
 * empty if the error has no remedy.
 */
const char *error_remedy(int error);

/**
 * struct last_error - last failure of an object
 * @sentence: problem and remedy, NULL before the first failure
 * @time: wall clock in microseconds, 0 before the first failure
 *
 * A shell shows the errno only, so each status file has the sentence.
 */
struct last_error {
	char *sentence;
	gint64 time;
};

/**
 * last_error_set() - record and log a failure
 * @last: last error of the object
 * @error: negative errno; its name precedes the sentence
 * @format: problem and remedy, in the format of printf()
 *
 * Return: @error.
 */
int last_error_set(struct last_error *last, int error, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/**
 * last_error_add() - extend the sentence of a failure
 * @last: last error of the object
 * @error: negative errno of the failure; if the sentence has another errno, it
 *	is replaced by the meaning of @error
 * @before: text to put before the sentence
 * @after: text to append
 *
 * Return: @error.
 */
int last_error_add(struct last_error *last, int error, const char *before,
		   const char *after);

/**
 * last_error_clear() - free the sentence
 * @last: last error of the object
 */
void last_error_clear(struct last_error *last);

/**
 * last_error_print() - append the status lines "last_error" and
 * "last_error_time"
 * @last: last error of the object
 * @text: string to append to
 */
void last_error_print(const struct last_error *last, GString *text);

/*
 * Priorities of sd-daemon(3) at the beginning of a text for g_printerr(), before its
 * "vmcfs: "; without one it is an error. Only the journal receives them.
 */
#define PRINT_WARNING "<4>"
#define PRINT_NOTICE "<5>"

/**
 * errors_print_init() - choose the format of g_print() and g_printerr()
 *
 * If standard error is the journal, which adds the name of the program, lines have
 * a priority instead of that name. Call it when descriptors 0, 1 and 2 are open.
 */
void errors_print_init(void);

#endif
