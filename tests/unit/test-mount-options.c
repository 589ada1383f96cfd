// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount options: tests the options of -o that have a value: their ranges, and
 * commas inside a value. It mounts nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "defaults.h"
#include "logging-sink.h"
#include "options.h"

static struct options options;

static void setup(void)
{
	char *argv[] = { (char *)"vmcfs", (char *)"/mnt", NULL };
	int status;

	cr_assert(options_parse(&options, 2, argv, &status));
	options.allow_other = FALSE;
}

static void teardown(void)
{
	options_clear(&options);
}

TestSuite(mount_options, .init = setup, .fini = teardown);

static gboolean parse(const char *list)
{
	g_autofree char *why = NULL;
	gboolean good = mount_options_parse(&options, list, &why);

	cr_expect_eq(good, why == NULL, "%s", list);
	return good;
}

static void refuse(const char *list, const char *words)
{
	g_autofree char *why = NULL;

	cr_expect_not(mount_options_parse(&options, list, &why), "%s", list);
	cr_assert_not_null(why);
	cr_expect_not_null(strstr(why, words), "%s: %s", list, why);
}

struct range {
	const char *key;
	gsize offset;
	const char *min, *max;
	guint64 min_value, max_value;
	const char *below, *above;
};

#define RANGE(key, member, ...)                                    \
	{                                                          \
		key, offsetof(struct options, member), __VA_ARGS__ \
	}

static void check_range(const struct range *range, gboolean wide)
{
	const char *const values[] = { range->min,   range->max, range->below,
				       range->above, "",	 "x",
				       "-1",	     " 1",	 "1 ",
				       "1.5",	     "0x10" };
	guint64 expected[] = { range->min_value, range->max_value };

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *list = NULL;
		guint64 value;

		if (!values[i])
			continue;
		list = g_strdup_printf("%s=%s", range->key, values[i]);
		if (i >= 2) {
			refuse(list, "cannot be used; give");
			continue;
		}
		cr_expect(parse(list), "%s", list);
		value = wide ? G_STRUCT_MEMBER(gsize, &options, range->offset) :
			       G_STRUCT_MEMBER(guint, &options, range->offset);
		cr_expect_eq(value, expected[i], "%s", list);
	}
}

Test(mount_options, sizes_are_limited_to_their_range)
{
	static const struct range ranges[] = {
		RANGE("history", channel.history, "4K", "4G", 4096, 4 * GIB,
		      "4095", "4294967297"),
		RANGE("memory", channel.memory, "64K", "1024G", 64 * KIB,
		      1024 * GIB, "63K", "1025G"),
		RANGE("log", channel.records, "0", "64M", 0, 64 * MIB, NULL,
		      "65M"),
		RANGE("sendq", channel.sendq, "1", "64M", 1, 64 * MIB, "0",
		      "65M"),
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
		check_range(&ranges[i], TRUE);
}

Test(mount_options, numbers_are_limited_to_their_range)
{
	static const struct range ranges[] = {
		RANGE("uid", tree.uid, "0", "4294967294", 0, 4294967294, NULL,
		      "4294967295"),
		RANGE("gid", tree.gid, "0", "4294967294", 0, 4294967294, NULL,
		      "4294967295"),
		RANGE("mode", tree.mode, "0", "0777", 0, 0777, NULL, "1000"),
		RANGE("dmode", tree.dmode, "000", "777", 0, 0777, NULL, "8"),
		RANGE("handles", tree.handles, "16", "16777216", 16, 16777216,
		      "15", "16777217"),
		RANGE("handles_per_uid", tree.handles_per_uid, "1", "16777215",
		      1, 16777215, "0", "16777216"),
		RANGE("poll_us", tree.poll_us, "0", "1000", 0, 1000, NULL,
		      "1001"),
		RANGE("notify_ms", notify_ms, "0", "60000", 0, 60000, NULL,
		      "60001"),
		RANGE("send_timeout", channel.send_timeout_ms, "1ms", "3600s",
		      1, 3600000, "0", "3601"),
		RANGE("open_timeout", channel.open_timeout_ms, "1ms", "3600", 1,
		      3600000, "0ms", "3600001ms"),
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
		check_range(&ranges[i], FALSE);
}

Test(mount_options, a_refused_option_changes_nothing)
{
	cr_expect(parse("history=1M,mode=0640"));
	refuse("history=1", "4096 to 4294967296 bytes");
	refuse("mode=0999", "an octal number");
	refuse("send_timeout=2h", "1ms to 3600s");
	cr_expect_eq(options.channel.history, MIB);
	cr_expect_eq(options.tree.mode, 0640);
}

Test(mount_options, accepts_a_list)
{
	cr_expect(parse("history=8K,memory=2M,,sendq=3,"));
	cr_expect_eq(options.channel.history, 8192);
	cr_expect_eq(options.channel.memory, 2 * MIB);
	cr_expect_eq(options.channel.sendq, 3);
	cr_expect(parse(""));
	cr_expect(parse("sendq=4,sendq=5"));
	cr_expect_eq(options.channel.sendq, 5, "the last value is used");
}

Test(mount_options, remount_is_refused_before_any_other_word)
{
	refuse("remount", "unmount it");
	refuse("nonsense,ro,remount,sendq=7", "unmount it");
	refuse("remount=1", "unknown option 'remount'");
	cr_expect_neq(options.channel.sendq, 7);
}

Test(mount_options, users_and_groups_have_names_and_numbers)
{
	cr_expect(parse("uid=root,gid=root"));
	cr_expect_eq(options.tree.uid, 0);
	cr_expect_eq(options.tree.gid, 0);
	cr_expect(parse("uid=nobody,gid=1234"));
	cr_expect_neq(options.tree.uid, 0);
	cr_expect_eq(options.tree.gid, 1234);
	refuse("uid=no-such-user", "give the name of a user, or a number");
	refuse("gid=no-such-group", "give the name of a group, or a number");
	refuse("uid=0root", "give the name of a user");
	cr_expect_eq(options.tree.gid, 1234);
}

Test(mount_options, a_log_level_is_one_of_the_words_of_the_log)
{
	for (gsize i = 0; i < LOGGING_LEVELS; i++) {
		g_autofree char *list =
			g_strconcat("log_level=", logging_levels[i].word, NULL);

		cr_expect(parse(list), "%s", list);
		cr_expect_eq(options.log_level, logging_levels[i].level);
		refuse("log_level=loud", logging_levels[i].word);
	}
	refuse("log_level=", "give error");
	refuse("log_level=4", "give error");
}

Test(mount_options, the_type_and_the_read_size_of_the_mount_are_checked)
{
	cr_expect(parse("subtype=vmcfs,max_read=0,max_read=131072"));
	refuse("subtype=other", "always fuse.vmcfs");
	refuse("subtype=", "always fuse.vmcfs");
	refuse("max_read=4096", "must not be divided");
	refuse("max_read=x", "must not be divided");
}

Test(mount_options, the_shown_source_is_not_empty)
{
	cr_expect(parse("fsname=a b"));
	cr_expect_str_eq(options.shown, "a b");
	cr_expect(parse("fsname=other"));
	cr_expect_str_eq(options.shown, "other");
	refuse("fsname=", "fsname= is empty");
	cr_expect_str_eq(options.shown, "other");
}

static void expect_id(const struct session_option *session, const char *id)
{
	cr_expect_eq(session->command.id_len, strlen(id), "%s", id);
	cr_expect_arr_eq(session->command.id, id, strlen(id), "%s", id);
}

Test(mount_options, accepts_sessions_to_open)
{
	const struct session_option *session;

	cr_assert(parse("open=0:first,open=63:hex:00ff,open=1:a:b c"));
	cr_assert_eq(options.sessions->len, 3);
	session = g_ptr_array_index(options.sessions, 0);
	cr_expect_eq(session->index, 0);
	expect_id(session, "first");
	session = g_ptr_array_index(options.sessions, 1);
	cr_expect_eq(session->index, 63);
	cr_expect_eq(session->command.id_len, 2);
	cr_expect_arr_eq(session->command.id, "\0\xff", 2);
	session = g_ptr_array_index(options.sessions, 2);
	expect_id(session, "a:b c");
}

Test(mount_options, refuses_invalid_sessions)
{
	refuse("open=", "is not INDEX:ID");
	refuse("open=x", "is not INDEX:ID");
	refuse("open=1", "is not INDEX:ID");
	refuse("open=x:me", "is not INDEX:ID");
	refuse("open=64:me", "from 0 to 63");
	refuse("open=-1:me", "is not INDEX:ID");
	refuse("open=0:", "1 to 32");
	refuse("open=0:123456789012345678901234567890123", "1 to 32");
	refuse("open=0:hex:0", "hex");
	refuse("open=0:a\tb", "printable");
	refuse("open=0:a\nclose", "printable");
	refuse("open=0:a\n", "printable");
	cr_expect_eq(options.sessions->len, 0);
}

Test(mount_options, a_backslash_escapes_a_comma)
{
	const struct session_option *session;

	cr_assert(parse("open=0:a\\,b,sendq=9,open=1:c\\\\\\,d"));
	cr_assert_eq(options.sessions->len, 2);
	session = g_ptr_array_index(options.sessions, 0);
	expect_id(session, "a,b");
	session = g_ptr_array_index(options.sessions, 1);
	expect_id(session, "c\\,d");
	cr_expect_eq(options.channel.sendq, 9);
	cr_expect(parse("open=2:last\\"));
	session = g_ptr_array_index(options.sessions, 2);
	expect_id(session, "last\\");
}

Test(mount_options, passes_sim_options_to_the_simulated_device)
{
	cr_expect(parse("sim.hmcs=5,sim.mtu=8K"));
	cr_expect_eq(options.sim.hmcs, 5);
	cr_expect_eq(options.sim.mtu, 8192);
	refuse("sim.hmcs=0", "sim.hmcs=0");
	refuse("sim.nonsense=0", "sim.nonsense");
	refuse("sim.hmcs", "needs a value; give sim.hmcs=VALUE");
}

Test(mount_options, describes_each_option)
{
	static const char *const keys[] = {
		"uid",	  "gid",   "mode",	   "dmode",	   "history",
		"memory", "sendq", "send_timeout", "open_timeout", "open",
	};
	GString *text = g_string_new(NULL);

	mount_options_help(text);
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *key = g_strdup_printf("  %s=", keys[i]);

		cr_expect_not_null(strstr(text->str, key), "%s", keys[i]);
	}
	g_string_free(text, TRUE);
}

Test(mount_options, the_help_prints_values_as_a_user_writes_them)
{
	g_autoptr(GString) text = g_string_new(NULL);

	mount_options_help(text);
	cr_expect_not_null(strstr(text->str, "octal; default 0700\n"));
	cr_expect_not_null(strstr(text->str, ", 4K to 4G; default 16M\n"));
	cr_expect_not_null(strstr(text->str, "sent; default 256K\n"));
	cr_expect_not_null(strstr(text->str, "open; default 5s\n"));
	cr_expect_not_null(strstr(text->str, "default message\n"));
	cr_expect_null(strstr(text->str, "DEFAULT"));
	cr_expect_null(strstr(text->str, "MIN"));
	cr_expect_null(strstr(text->str, "MAX"));
}
