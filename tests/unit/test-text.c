// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text: tests the conversion of values to text, and of text to values. It
 * reads no files.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "text.h"

static GString *text;

static void setup(void)
{
	text = g_string_new(NULL);
}

static void teardown(void)
{
	g_string_free(text, TRUE);
}

TestSuite(text, .init = setup, .fini = teardown);

static const char *quoted(gconstpointer data, gsize len)
{
	g_string_truncate(text, 0);
	text_add_quoted(text, data, len);
	return text->str;
}

Test(text, quotes_as_json)
{
	cr_expect_str_eq(quoted("", 0), "\"\"");
	cr_expect_str_eq(quoted("a b~!", 5), "\"a b~!\"");
	cr_expect_str_eq(quoted("a\"b\\c/", 6), "\"a\\\"b\\\\c/\"");
	cr_expect_str_eq(quoted("\n\t\0\x1f\x7f", 5),
			 "\"\\u000a\\u0009\\u0000\\u001f\\u007f\"");
	cr_expect_str_eq(quoted("\x80\xff\xc3\xa4", 4),
			 "\"\\u0080\\u00ff\\u00c3\\u00a4\"");
}

Test(text, quotes_any_byte_in_printable_ascii)
{
	guint8 bytes[256];

	for (guint i = 0; i < 256; i++)
		bytes[i] = (guint8)i;
	quoted(bytes, sizeof(bytes));
	for (gsize i = 0; i < text->len; i++)
		cr_assert(g_ascii_isprint(text->str[i]));
	/*
	 * 93 unchanged, 2 after a backslash, 161 as six characters, 2 quotes.
	 */
	cr_expect_eq(text->len, 93 + 2 * 2 + 161 * 6 + 2);
}

Test(text, appends)
{
	g_string_assign(text, "key: ");
	text_add_quoted(text, "x", 1);
	g_string_append_c(text, ' ');
	text_add_time(text, 0);
	cr_expect_str_eq(text->str, "key: \"x\" never");
}

Test(text, writes_times)
{
	text_add_time(text, 1 * G_USEC_PER_SEC);
	cr_expect_str_eq(text->str, "1970-01-01T00:00:01Z");
	g_string_truncate(text, 0);
	text_add_time(text, 1709210096 * (gint64)G_USEC_PER_SEC + 999999);
	cr_expect_str_eq(text->str, "2024-02-29T12:34:56Z");
	g_string_truncate(text, 0);
	text_add_time(text, 0);
	cr_expect_str_eq(text->str, "never");
	g_string_truncate(text, 0);
	text_add_time(text, 253402300799 * (gint64)G_USEC_PER_SEC);
	cr_expect_str_eq(text->str, "9999-12-31T23:59:59Z");
	g_string_truncate(text, 0);
	text_add_time(text, 253402300800 * (gint64)G_USEC_PER_SEC);
	text_add_time(text, -1);
	cr_expect_str_eq(text->str, "nevernever");
}

Test(text, writes_times_with_microseconds_within_four_digits_of_years)
{
	text_add_time_us(text, 1709210096 * (gint64)G_USEC_PER_SEC + 42);
	cr_expect_str_eq(text->str, "2024-02-29T12:34:56.000042Z");
	g_string_truncate(text, 0);
	text_add_time_us(text, -1);
	cr_expect_str_eq(text->str, "1970-01-01T00:00:00.000000Z");
	g_string_truncate(text, 0);
	text_add_time_us(text, G_MAXINT64);
	cr_expect_str_eq(text->str, "9999-12-31T23:59:59.999999Z");
}

Test(text, writes_numbers)
{
	text_add_number(text, 0);
	g_string_append_c(text, ' ');
	text_add_number(text, 1090);
	g_string_append_c(text, ' ');
	text_add_number(text, G_MAXUINT64);
	cr_expect_str_eq(text->str, "0 1090 18446744073709551615");
}

struct number_case {
	const char *text;
	gboolean valid;
	guint64 value;
};

Test(text, reads_numbers)
{
	static const struct number_case cases[] = {
		{ "5", TRUE, 5 },    { "100", TRUE, 100 },
		{ "007", TRUE, 7 },  { "4", FALSE, 0 },
		{ "101", FALSE, 0 }, { "", FALSE, 0 },
		{ "-5", FALSE, 0 },  { "+5", FALSE, 0 },
		{ " 5", FALSE, 0 },  { "5 ", FALSE, 0 },
		{ "5x", FALSE, 0 },  { "0x10", FALSE, 0 },
		{ "5.0", FALSE, 0 }, { "18446744073709551621", FALSE, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint64 value = 0;

		cr_expect_eq(text_parse_number(cases[i].text, 5, 100, &value),
			     cases[i].valid, "'%s'", cases[i].text);
		cr_expect_eq(value, cases[i].value, "'%s'", cases[i].text);
	}
}

Test(text, reads_sizes)
{
	static const struct number_case cases[] = {
		{ "0", TRUE, 0 },
		{ "1", TRUE, 1 },
		{ "1K", TRUE, 1024 },
		{ "2k", TRUE, 2048 },
		{ "16M", TRUE, 16 << 20 },
		{ "3g", TRUE, (guint64)3 << 30 },
		{ "18446744073709551615", TRUE, G_MAXUINT64 },
		{ "17179869183G", TRUE, (guint64)17179869183 << 30 },
		{ "18446744073709551616", FALSE, 0 },
		{ "17179869184G", FALSE, 0 },
		{ "", FALSE, 0 },
		{ "K", FALSE, 0 },
		{ "1KB", FALSE, 0 },
		{ "1 K", FALSE, 0 },
		{ "1T", FALSE, 0 },
		{ "-1", FALSE, 0 },
		{ "1.5M", FALSE, 0 },
		{ "0x10", FALSE, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint64 value = 0;
		gboolean valid = text_parse_size(cases[i].text, &value);

		cr_expect_eq(valid, cases[i].valid, "'%s'", cases[i].text);
		if (valid)
			cr_expect_eq(value, cases[i].value, "'%s'",
				     cases[i].text);
	}
}

Test(text, reads_times)
{
	static const struct number_case cases[] = {
		{ "2", TRUE, 2000 },
		{ "2s", TRUE, 2000 },
		{ "2S", TRUE, 2000 },
		{ "500ms", TRUE, 500 },
		{ "0", TRUE, 0 },
		{ "4294967295ms", TRUE, G_MAXUINT },
		{ "4294967", TRUE, 4294967000 },
		{ "4294967296ms", FALSE, 0 },
		{ "4294968", FALSE, 0 },
		{ "", FALSE, 0 },
		{ "s", FALSE, 0 },
		{ "ms", FALSE, 0 },
		{ "1m", FALSE, 0 },
		{ "1 s", FALSE, 0 },
		{ "-1", FALSE, 0 },
		{ "0.5", FALSE, 0 },
		{ "1us", FALSE, 0 },
		{ "18446744073709551615s", FALSE, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint ms = 0;

		cr_expect_eq(text_parse_time(cases[i].text, &ms),
			     cases[i].valid, "'%s'", cases[i].text);
		cr_expect_eq(ms, cases[i].value, "'%s'", cases[i].text);
	}
}

static void expect_columns(const char *name, const char *help,
			   const char *expected)
{
	g_string_truncate(text, 0);
	text_add_columns(text, name, help);
	cr_expect_str_eq(text->str, expected);
}

Test(text, sets_columns_and_breaks_lines)
{
	expect_columns("key=", "one two", "  key=                  one two\n");
	expect_columns("a-name-that-is-too-long=", "one",
		       "  a-name-that-is-too-long=\n"
		       "                        one\n");
	expect_columns(
		"key=",
		"0123456789 0123456789 0123456789 0123456789 012345678901 last",
		"  key=                  0123456789 0123456789 0123456789 0123456789 012345678901\n"
		"                        last\n");
}

Test(text, the_nearest_name_is_found)
{
	static const char *const names[] = {
		"history=",	 "handles=",  "ro", "send_timeout=",
		"open_timeout=", "sim.hmcs=", NULL
	};
	static const struct {
		const char *typed, *nearest;
	} cases[] = {
		{ "history", "history=" },
		{ "histoyr", "history=" }, /* exchanged letters */
		{ "hist", "history=" },
		{ "HANDLES", "handles=" },
		{ "handesl", "handles=" },
		{ "or", "ro" },
		{ "timeout", "send_timeout=" }, /* the first of equal ones */
		{ "open-timeout", "open_timeout=" },
		{ "opentimeout", "open_timeout=" },
		{ "hmcs", "sim.hmcs=" },
		{ "time", NULL },	/* neither start nor end */
		{ "hi", NULL },		/* too short a part */
		{ "sent_timer", NULL }, /* a third of the letters */
		{ "nonsense", NULL },
		{ "", NULL },
		{ "xy", NULL },
		{ "histories_that_are_far_too_long_x", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *nearest = text_nearest(cases[i].typed, names);

		cr_expect_eq(g_strcmp0(nearest, cases[i].nearest), 0, "%s: %s",
			     cases[i].typed, nearest ? nearest : "none");
	}
}

Test(text, a_long_candidate_is_never_the_nearest)
{
	static const char *const names[] = {
		"a_candidate_of_more_than_32_letters", "a_candidate_of_32", NULL
	};

	cr_expect_null(text_nearest("a_candidate_of_more_than_32_lett",
				    &names[1] + 1));
	cr_expect_str_eq(text_nearest("a_candidate_of_33", names), names[1]);
}
