// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors: tests that the table of errors is complete, has no duplicates, and
 * can be searched with either sign. It does not test where errors occur.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "errors.h"

Test(errors, contains_every_error_of_the_tree)
{
	static const struct {
		int number;
		const char *name;
	} expected[] = {
		{ EINVAL, "EINVAL" },
		{ EMSGSIZE, "EMSGSIZE" },
		{ ENXIO, "ENXIO" },
		{ EBUSY, "EBUSY" },
		{ EAGAIN, "EAGAIN" },
		{ ETIMEDOUT, "ETIMEDOUT" },
		{ ECONNREFUSED, "ECONNREFUSED" },
		{ ECONNRESET, "ECONNRESET" },
		{ EPIPE, "EPIPE" },
		{ ENODEV, "ENODEV" },
		{ EPERM, "EPERM" },
		{ EACCES, "EACCES" },
		{ EROFS, "EROFS" },
		{ ESTALE, "ESTALE" },
		{ ENFILE, "ENFILE" },
		{ ENOBUFS, "ENOBUFS" },
		{ EIO, "EIO" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		cr_expect_str_eq(error_name(expected[i].number),
				 expected[i].name);
		cr_expect_str_eq(error_name(-expected[i].number),
				 expected[i].name);
		cr_expect_str_neq(error_meaning(expected[i].number),
				  g_strerror(expected[i].number));
	}
}

Test(errors, contains_no_duplicate_sentence)
{
	cr_assert_gt(error_table_len, 0);
	for (gsize i = 0; i < error_table_len; i++) {
		const struct error_meaning *entry = &error_table[i];

		cr_expect_gt(entry->number, 0);
		cr_expect_eq(strncmp(entry->name, "E", 1), 0);
		cr_expect_gt(strlen(entry->meaning), 0);
		cr_expect_str_eq(error_meaning(-entry->number), entry->meaning);
		for (gsize other = 0; other < i; other++) {
			cr_expect_neq(entry->number, error_table[other].number);
			cr_expect_str_neq(entry->name, error_table[other].name);
			cr_expect_str_neq(entry->meaning,
					  error_table[other].meaning);
		}
	}
}

/* These sentences become part of lines in README and status files. */
Test(errors, sentences_are_printable_ascii)
{
	for (gsize i = 0; i < error_table_len; i++) {
		const char *meaning = error_table[i].meaning;

		for (gsize at = 0; meaning[at]; at++)
			cr_assert(g_ascii_isprint(meaning[at]));
		cr_expect_not(g_str_has_suffix(meaning, "."));
	}
}

Test(errors, has_a_sentence_for_errors_outside_the_table)
{
	cr_expect_str_eq(error_name(-EXDEV), g_strerror(EXDEV));
	cr_expect_str_eq(error_meaning(EXDEV), g_strerror(EXDEV));
}

Test(errors, only_limits_have_a_remedy)
{
	cr_expect_not_null(strstr(error_remedy(-EMFILE), "ulimit -n"));
	cr_expect_str_eq(error_remedy(EMFILE), error_remedy(-EMFILE));
	cr_expect_str_empty(error_remedy(-EXDEV));
	/* These depend on the call. */
	cr_expect_str_empty(error_remedy(-EINVAL));
	cr_expect_str_empty(error_remedy(-EBUSY));
}
