/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last thing that failed, in words: a shell can show no more than an
 * errno, so each status file tells the sentence that belongs to it.
 */
#ifndef VMCFS_LAST_ERROR_H
#define VMCFS_LAST_ERROR_H

#include <glib.h>

/**
 * struct last_error - what failed, and when
 * @sentence: NULL if nothing did yet
 * @time: wall clock in microseconds, 0 if nothing did yet
 */
struct last_error {
	char *sentence;
	gint64 time;
};

/**
 * last_error_set() - something failed
 * @last: any
 * @error: negative errno
 * @format: what failed and what to do, as printf() has it; the errno's name
 *	is put before it
 *
 * Return: @error.
 */
int last_error_set(struct last_error *last, int error, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/**
 * last_error_add() - put more words into the sentence of a failure
 * @last: any
 * @error: negative errno of the failure; if the sentence is of another one, a
 *	new sentence is made of the meaning of @error
 * @before: text before the words that are there
 * @after: text after them
 *
 * Return: @error.
 */
int last_error_add(struct last_error *last, int error, const char *before,
		   const char *after);

/**
 * last_error_clear() - free what it holds
 * @last: any
 */
void last_error_clear(struct last_error *last);

/**
 * last_error_print() - append the status lines "last_error" and
 * "last_error_time"
 * @last: any
 * @text: grows
 */
void last_error_print(const struct last_error *last, GString *text);

#endif
