// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmcctl: tests its parsers: mount table, status files, exit statuses, and
 * options in any order. It uses no tree; tests/fs/vmcctl.py does.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "vmcctl.h"

static const struct ctl_command commands[] = {
	{ .name = "one", .usage = "", .min = 1, .max = 2, .options = "mtn" },
	{ .name = "none", .usage = "", .options = "mj" },
	{ 0 },
};

static struct ctl_call call;

static int parse(const char *line)
{
	static char **words;

	g_strfreev(words);
	words = g_strsplit(line, " ", -1);
	memset(&call, 0xff, sizeof(call));
	return command_line_parse((int)g_strv_length(words), words, commands,
				  &call);
}

Test(vmcctl, options_stand_anywhere_in_the_line)
{
	static const char *const lines[] = {
		"vmcctl -m /d -t 1.5 -n 7 one 3 text",
		"vmcctl one 3 text -m/d -t1.5 -n7",
		"vmcctl one -t 1.5 3 --count=7 text --mount /d",
		"vmcctl --timeout=1.5 -n9 one 3 --mount=/d -n7 -- text",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		cr_assert_eq(parse(lines[i]), 0, "%s", lines[i]);
		cr_expect_str_eq(call.command->name, "one");
		cr_expect_str_eq(call.mount, "/d");
		cr_expect_str_eq(call.text, "text");
		cr_expect_eq(call.index, 3);
		cr_expect_eq(call.timeout_us, 1500000);
		cr_expect_eq(call.count, 7);
		cr_expect_not(call.json);
	}
}

Test(vmcctl, options_and_arguments_may_be_missing)
{
	cr_assert_eq(parse("vmcctl none"), 0);
	cr_expect_eq(call.index, VMCCTL_ROOT);
	cr_expect_null(call.text);
	cr_expect_null(call.mount);
	cr_expect_eq(call.count, 1);
	cr_assert_eq(parse("vmcctl one 2147483647"), 0);
	cr_expect_eq(call.index, G_MAXINT);
	cr_expect_null(call.text);
}

Test(vmcctl, help_and_version_need_no_command)
{
	cr_assert_eq(parse("vmcctl -h"), 0);
	cr_expect(call.help && !call.command);
	cr_assert_eq(parse("vmcctl --version"), 0);
	cr_expect(call.version && !call.command);
}

Test(vmcctl, wrong_line_leaves_the_result_unchanged)
{
	static const char *const lines[] = {
		"vmcctl",
		"vmcctl o 1",
		"vmcctl one",
		"vmcctl none 1",
		"vmcctl one 1 2 3",
		"vmcctl one x",
		"vmcctl one 2147483648",
		"vmcctl one +1",
		"vmcctl one 1 -j",
		"vmcctl none -t 1",
		"vmcctl one 1 -t -1",
		"vmcctl one 1 -t",
		"vmcctl one 1 -t 1e9",
		"vmcctl one 1 -t .",
		"vmcctl one 1 -n 0",
		"vmcctl one 1 -t 1000000001",
		"vmcctl one 1 --help=x",
		"vmcctl one 1 --co",
		"vmcctl one 1 -n 4294967296",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		cr_expect_eq(parse(lines[i]), EX_USAGE, "%s", lines[i]);
		cr_expect_eq(call.timeout_us, -1, "%s", lines[i]);
	}
}

static gboolean is_not_hidden(const char *path, guint64 id)
{
	return id != 29 && !g_str_has_prefix(path, "/under");
}

Test(vmcctl, mounts_are_visible_whole_trees_of_this_type_and_found_once)
{
	static const char table[] =
		"30 1 0:40 / /under rw - fuse.vmcfs sim rw\n"
		"29 1 0:46 / /d rw - fuse.vmcfs sim rw\n"
		"20 1 0:5 / /proc rw - proc proc rw\n"
		"21 1 0:40 / /a\\040b\\134\\012 rw shared:1 - fuse.vmcfs sim rw\n"
		"22 1 0:40 / /again rw - fuse.vmcfs sim rw\n"
		"23 1 0:41 /hmc0 /part rw - fuse.vmcfs sim rw\n"
		"24 1 0:42 / /other rw - fuse.vmcfs2 sim rw\n"
		"25 1 0:43 / /fuse.vmcfs rw - fuse fuse.vmcfs rw\n"
		"26 1 0:44 / /c rw shared:1 master:2 - fuse.vmcfs /dev/x rw\n"
		"27 1 - fuse.vmcfs\n"
		"\n"
		"28 1 0:45 / /cut rw";
	g_autoptr(GPtrArray) paths = mounts_find(table, is_not_hidden);

	cr_assert_eq(paths->len, 2);
	cr_expect_str_eq(g_ptr_array_index(paths, 0), "/a b\\\n");
	cr_expect_str_eq(g_ptr_array_index(paths, 1), "/c");
}

static const char status[] = "version: 0.2.0\n"
			     "index: 0\n"
			     "count: 18446744073709551615\n"
			     "padded: 007\n"
			     "hmc_id: \"a: \\\"b\\\" \\\\ \\u00ff\"\n"
			     "ended: \"\"\n"
			     "drc_index: 0x00000000\n";

Test(vmcctl, values_are_found_by_their_whole_key)
{
	g_autofree char *raw = status_value(status, "hmc_id");
	g_autofree char *words = status_words(status, "hmc_id");
	g_autofree char *ended = status_words(status, "ended");
	g_autofree char *absent = status_words(status, "id");

	cr_expect_str_eq(raw, "\"a: \\\"b\\\" \\\\ \\u00ff\"");
	cr_expect_str_eq(words, "a: \"b\" \\ \\u00ff");
	cr_expect_str_eq(ended, "");
	cr_expect_str_eq(absent, "");
	cr_expect_null(status_value(status, "a"));
	cr_expect_null(status_value("", "a"));
}

Test(vmcctl, status_becomes_one_json_object)
{
	g_autoptr(GString) json = g_string_new(NULL);

	status_add_json(json, status);
	cr_expect_str_eq(
		json->str,
		"{\"version\": \"0.2.0\", \"index\": 0, "
		"\"count\": 18446744073709551615, \"padded\": \"007\", "
		"\"hmc_id\": \"a: \\\"b\\\" \\\\ \\u00ff\", \"ended\": \"\", "
		"\"drc_index\": \"0x00000000\"}");
	g_string_truncate(json, 0);
	status_add_json(json, "");
	cr_expect_str_eq(json->str, "{}");
}

Test(vmcctl, exit_status_depends_on_the_errno)
{
	cr_expect_eq(failure_status(-ENXIO), EX_NOHOST);
	cr_expect_eq(failure_status(ETIMEDOUT), EX_TEMPFAIL);
	cr_expect_eq(failure_status(ENOTTY), EX_SOFTWARE);
}
