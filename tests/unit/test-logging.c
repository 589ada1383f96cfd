// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The log level: its words, and what it lets through. Standard error is
 * redirected, so that no journal takes the lines.
 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>

#include "logging.h"

static const char *const words[] = { "error", "warning", "message", "info",
				     "debug" };

static struct logging logging;
static GString *said;

static void hear(const char *line)
{
	g_string_append(said, line);
}

static void setup(void)
{
	cr_redirect_stderr();
	said = g_string_new(NULL);
	g_set_printerr_handler(hear);
}

static void teardown(void)
{
	g_set_printerr_handler(NULL);
	g_string_free(said, TRUE);
}

TestSuite(logging, .init = setup, .fini = teardown);

Test(logging, knows_its_words_and_no_other)
{
	static const char *const wrong[] = { "", "Error", "errors", "warn",
					     "critical", "info ", "6" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		logging.level = 0;
		cr_assert(logging_parse_level(words[i], &logging.level));
		cr_expect_str_eq(logging_level_word(&logging), words[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		GLogLevelFlags level = 4711;

		cr_expect_not(logging_parse_level(wrong[i], &level), "'%s'",
			      wrong[i]);
		cr_expect_eq(level, 4711);
	}
}

static void say_all(void)
{
	g_string_truncate(said, 0);
	g_critical("said at error");
	g_warning("said at warning");
	g_message("said at message");
	g_info("said at info");
	g_debug("said at debug");
}

Test(logging, lets_through_its_level_and_what_is_graver)
{
	GString *expected = g_string_new(NULL);

	logging_init(&logging, G_LOG_LEVEL_CRITICAL);
	for (gsize level = 0; level < G_N_ELEMENTS(words); level++) {
		cr_assert(logging_parse_level(words[level], &logging.level));
		g_string_append_printf(expected, "vmcfs: %s: said at %s\n",
				       words[level], words[level]);
		say_all();
		cr_expect_str_eq(said->str, expected->str);
	}
	g_string_free(expected, TRUE);
}

Test(logging, begins_with_the_level_it_is_given)
{
	logging_init(&logging, G_LOG_LEVEL_WARNING);
	cr_expect_str_eq(logging_level_word(&logging), "warning");
	say_all();
	cr_expect_not_null(strstr(said->str, "said at warning"));
	cr_expect_null(strstr(said->str, "said at message"));
}
