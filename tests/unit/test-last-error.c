// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Last error: tests the latest failure as a sentence and as two status lines.
 * It does not test which failures are recorded.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "errors.h"

static struct last_error last;

static void setup(void)
{
	last = (struct last_error){ 0 };
}

static void teardown(void)
{
	last_error_clear(&last);
}

TestSuite(last_error, .init = setup, .fini = teardown);

static char *print(void)
{
	GString *text = g_string_new(NULL);

	last_error_print(&last, text);
	return g_string_free(text, FALSE);
}

Test(last_error, is_empty_before_the_first_failure)
{
	g_autofree char *lines = print();

	cr_expect_str_eq(lines, "last_error: \"\"\nlast_error_time: never\n");
}

Test(last_error, begins_with_the_name_of_the_errno)
{
	gint64 before = g_get_real_time();

	cr_expect_eq(last_error_set(&last, -EBUSY, "open of hmc%u: %s", 7,
				    "in use"),
		     -EBUSY);
	cr_expect_str_eq(last.sentence, "EBUSY: open of hmc7: in use");
	cr_expect_geq(last.time, before);
	cr_expect_leq(last.time, g_get_real_time());
}

Test(last_error, is_printed_quoted)
{
	g_autofree char *lines = NULL;

	last_error_set(&last, -EINVAL, "'%s' is \"none\"\n", "a\\b");
	last.time = 1 * G_USEC_PER_SEC;
	lines = print();
	cr_expect_str_eq(
		lines,
		"last_error: \"EINVAL: 'a\\\\b' is \\\"none\\\"\\u000a\"\n"
		"last_error_time: 1970-01-01T00:00:01Z\n");
}

Test(last_error, keeps_the_latest_failure)
{
	last_error_set(&last, -EINVAL, "the first");
	last_error_set(&last, -ENXIO, "the second");
	cr_expect_str_eq(last.sentence, "ENXIO: the second");
}

/* A sentence can contain the previous one. */
Test(last_error, may_quote_itself)
{
	last_error_set(&last, -EIO, "inner");
	last_error_set(&last, -EIO, "outer, after %s", last.sentence);
	cr_expect_str_eq(last.sentence, "EIO: outer, after EIO: inner");
}

Test(last_error, appends_words_about_the_same_failure)
{
	last_error_set(&last, -EBUSY, "in use");
	cr_expect_eq(last_error_add(&last, -EBUSY, "line 2: ", "; no more"),
		     -EBUSY);
	cr_expect_str_eq(last.sentence, "EBUSY: line 2: in use; no more");
}

Test(last_error, does_not_append_words_about_another_failure)
{
	last_error_add(&last, -EMSGSIZE, "line 1: ", "");
	cr_expect_str_eq(last.sentence, "EMSGSIZE: line 1: too long");
	last_error_set(&last, -EBUSY, "in use");
	last_error_add(&last, -EMSGSIZE, "line 2: ", "; no more");
	cr_expect_str_eq(last.sentence, "EMSGSIZE: line 2: too long; no more");
}

Test(last_error, is_empty_after_clearing)
{
	last_error_set(&last, -EIO, "words");
	last_error_clear(&last);
	cr_expect_null(last.sentence);
	last_error_clear(&last);
}

Test(last_error, prints_the_number_of_an_unknown_errno)
{
	g_autofree char *expected =
		g_strdup_printf("%s: odd", g_strerror(EXDEV));

	last_error_set(&last, -EXDEV, "odd");
	cr_expect_str_eq(last.sentence, expected);
}
