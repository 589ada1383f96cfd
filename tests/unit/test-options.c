// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command line: tests the defaults, each option, and the message about an
 * invalid one. The words of -o are tested in test-mount-options.c.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "defaults.h"
#include "options.h"

static struct options options;
static GString *said;

static void hear(const char *line)
{
	g_string_append(said, line);
}

static void setup(void)
{
	said = g_string_new(NULL);
	g_set_print_handler(hear);
	g_set_printerr_handler(hear);
}

static void teardown(void)
{
	g_set_print_handler(NULL);
	g_set_printerr_handler(NULL);
	g_string_free(said, TRUE);
}

TestSuite(options, .init = setup, .fini = teardown);

/*
 * Parses a command line; the caller clears the options. Returns -1 if the
 * daemon may start, else its exit status.
 */
static int parse_line(char **argv)
{
	gboolean go_on;
	int status;

	g_string_truncate(said, 0);
	go_on = options_parse(&options, (int)g_strv_length(argv), argv,
			      &status);
	return go_on ? -1 : status;
}

/* Parses "vmcfs" and up to three words. */
static int parse(const char *one, const char *two, const char *three)
{
	char *argv[] = { (char *)"vmcfs", (char *)one, (char *)two,
			 (char *)three, NULL };

	return parse_line(argv);
}

/* Parses the command line of a helper of mount(8), with words after it. */
static int parse_helper(const char *words)
{
	g_autofree char *line =
		g_strconcat("/sbin/mount.vmcfs sim /mnt ", words, NULL);
	g_auto(GStrv) argv = g_strsplit(g_strchomp(line), " ", -1);

	return parse_line(argv);
}

static void refuse(const char *one, const char *two, const char *three,
		   const char *why)
{
	cr_expect_eq(parse(one, two, three), EX_USAGE);
	cr_expect(g_str_has_prefix(said->str, "vmcfs: "), "%s", said->str);
	cr_expect_not_null(strstr(said->str, why), "%s", said->str);
	options_clear(&options);
}

Test(options, has_defaults)
{
	cr_assert_eq(parse("/mnt", NULL, NULL), -1);
	cr_expect_not(options.foreground);
	cr_expect_not(options.debug);
	cr_expect_str_eq(options.device, "/dev/ibmvmc");
	cr_expect_str_eq(options.mount_point, "/mnt");
	cr_expect_eq(options.allow_other, geteuid() == 0);
	cr_expect_str_eq(options.mount_flags->str, "");
	cr_expect_eq(options.sessions->len, 0);
	cr_expect_null(options.shown);
	cr_expect_not(options.allow_root);
	cr_expect_eq(options.log_level, G_LOG_LEVEL_MESSAGE);
	cr_expect_eq(options.channel.history, 16 * MIB);
	cr_expect_eq(options.channel.memory, 256 * MIB);
	cr_expect_eq(options.channel.records, 1 * MIB);
	cr_expect_eq(options.channel.sendq, 256 * KIB);
	cr_expect_eq(options.channel.send_timeout_ms, 2000);
	cr_expect_eq(options.channel.open_timeout_ms, 5000);
	cr_expect_eq(options.tree.uid, getuid());
	cr_expect_eq(options.tree.gid, getgid());
	cr_expect_eq(options.tree.mode, 0600);
	cr_expect_eq(options.tree.dmode, 0700);
	cr_expect_eq(options.sim.hmcs, VMCFS_SIM_HMCS_DEFAULT);
	cr_expect_eq(said->len, 0);
	options_clear(&options);
}

Test(options, memory_follows_history)
{
	cr_assert_eq(parse("-o", "history=4K", "/mnt"), -1);
	cr_expect_eq(options.channel.memory, VMCFS_MEMORY_MIN);
	options_clear(&options);
	cr_assert_eq(parse("-o", "history=1G", "/mnt"), -1);
	cr_expect_eq(options.channel.memory, 16 * GIB);
	options_clear(&options);
	cr_assert_eq(parse("-o", "memory=2M,history=1G", "/mnt"), -1);
	cr_expect_eq(options.channel.memory, 2 * MIB);
	options_clear(&options);
}

Test(options, accepts_a_device)
{
	cr_assert_eq(parse("--device=sim", "/mnt", NULL), -1);
	cr_expect_str_eq(options.device, "sim");
	options_clear(&options);
	cr_assert_eq(parse("--device", "/dev/other", "/mnt"), -1);
	cr_expect_str_eq(options.device, "/dev/other");
	options_clear(&options);
}

Test(options, a_source_precedes_the_mount_point)
{
	cr_assert_eq(parse("sim", "/mnt", NULL), -1);
	cr_expect_str_eq(options.device, "sim");
	cr_expect_str_eq(options.mount_point, "/mnt");
	options_clear(&options);
	cr_assert_eq(parse("/dev/other", "/mnt", "-ohistory=4K"), -1);
	cr_expect_str_eq(options.device, "/dev/other");
	options_clear(&options);
	cr_assert_eq(parse("sim", "/mnt", "--device=sim"), -1);
	cr_expect_str_eq(options.device, "sim");
	options_clear(&options);
}

Test(options, two_different_sources_are_refused)
{
	refuse("/dev/other", "/mnt", "--device=sim",
	       "the source /dev/other and --device=sim differ");
	refuse("/mnt", "/mnt", "--device=sim", "differ");
	refuse("", "/mnt", "--device=sim", "differ");
	refuse("", "/mnt", NULL, "the source is empty");
	refuse("--device=", "/mnt", NULL, "the source is empty");
	refuse("sim", "", NULL, "a mount point is missing");
}

Test(options, stays_in_the_foreground)
{
	cr_assert_eq(parse("-f", "/mnt", NULL), -1);
	cr_expect(options.foreground);
	cr_expect_not(options.debug);
	options_clear(&options);
	cr_assert_eq(parse("-s", "/mnt", NULL), -1);
	cr_expect_not(options.foreground);
	cr_expect_not(options.sloppy);
	options_clear(&options);
	cr_assert_eq(parse("--debug", "/mnt", NULL), -1);
	cr_expect(options.foreground);
	cr_expect(options.debug);
	options_clear(&options);
}

Test(options, options_may_come_more_than_once_and_anywhere)
{
	cr_assert_eq(parse("--options=sendq=1K,ro", "/mnt",
			   "--options=sendq=2K"),
		     -1);
	cr_expect_eq(options.channel.sendq, 2048);
	cr_expect_str_eq(options.mount_flags->str, ",ro");
	options_clear(&options);
}

Test(options, a_list_may_follow_its_letter_without_a_space)
{
	cr_expect_eq(parse("-ohistory=64K,sendq=1K", "/m", NULL), -1);
	cr_expect_eq(options.channel.history, 64 * 1024);
	cr_expect_eq(options.channel.sendq, 1024);
	options_clear(&options);
}

Test(options, makes_the_mount_point_absolute)
{
	g_autofree char *here = g_get_current_dir();
	g_autofree char *expected = g_build_filename(here, "a", "b", NULL);

	cr_assert_eq(parse("a/../a/./b/", NULL, NULL), -1);
	cr_expect_str_eq(options.mount_point, expected);
	options_clear(&options);
	cr_assert_eq(parse("--", "-f", NULL), -1);
	cr_expect(g_str_has_suffix(options.mount_point, "/-f"));
	cr_expect_not(options.foreground);
	options_clear(&options);
}

Test(options, allow_root_needs_a_directory_that_keeps_other_users_out)
{
	cr_assert_eq(parse("sim", "/mnt", "-oallow_root"), -1);
	cr_expect(options.allow_other);
	options_clear(&options);
	cr_assert_eq(parse("sim", "/mnt", "-oallow_root,mode=0666,uid=root"),
		     -1);
	options_clear(&options);
	refuse("sim", "/mnt", "-oallow_root,allow_other", "exclude each other");
	refuse("sim", "/mnt", "-oallow_other,allow_root", "exclude each other");
	refuse("sim", "/mnt", "-oallow_root,dmode=0710", "dmode=0710");
	refuse("sim", "/mnt", "-oallow_root,dmode=0701", "dmode=0701");
	refuse("sim", "/mnt", "-ouid=4321,allow_root", "uid=4321");
}

Test(options, a_source_that_the_mount_table_cannot_show_needs_a_name)
{
	g_autofree char *longest = g_strnfill(VMCFS_SOURCE_MAX, 'd');
	g_autofree char *longer = g_strnfill(VMCFS_SOURCE_MAX + 1, 'd');
	g_autofree char *name = g_strconcat("-ofsname=", longer, NULL);

	cr_assert_eq(parse(longest, "/mnt", NULL), -1);
	options_clear(&options);
	refuse(longer, "/mnt", NULL, "longer than the 255 bytes");
	refuse("sim", "/mnt", name, "longer than the 255 bytes");
	cr_assert_eq(parse(longer, "/mnt", "-ofsname=dev"), -1);
	cr_expect_str_eq(options.shown, "dev");
	cr_expect_str_eq(options.device, longer);
	options_clear(&options);
}

Test(options, the_letters_of_a_helper_have_their_meaning_for_mount)
{
	cr_assert_eq(parse_helper("-sfnv -o rw -t fuse.vmcfs -N /ns"), -1);
	cr_expect(options.helper);
	cr_expect(options.fake);
	cr_expect(options.sloppy);
	cr_expect(options.verbose);
	cr_expect_not(options.foreground);
	cr_expect_str_eq(options.mount_namespace, "/ns");
	cr_expect_str_eq(options.device, "sim");
	cr_expect_str_eq(options.mount_point, "/mnt");
	options_clear(&options);
	cr_assert_eq(parse_helper(""), -1);
	cr_expect(options.helper);
	cr_expect_not(options.fake);
	cr_expect_not(options.sloppy);
	cr_expect_null(options.mount_namespace);
	options_clear(&options);
	cr_assert_eq(parse("sim", "/mnt", "-f"), -1);
	cr_expect_not(options.helper);
	cr_expect_not(options.fake);
	cr_expect(options.foreground);
	options_clear(&options);
}

Test(options, a_helper_needs_a_source_and_ignores_unknown_words_if_sloppy)
{
	char *argv[] = { (char *)"mount.vmcfs", (char *)"/mnt", NULL };

	cr_expect_eq(parse_line(argv), EX_USAGE);
	cr_expect_not_null(strstr(said->str, "a source is missing"));
	options_clear(&options);
	cr_expect_eq(parse_helper("-o nonsense"), EX_USAGE);
	options_clear(&options);
	cr_expect_eq(parse_helper("-s -o nonsense,more=1,sendq=9"), -1);
	cr_expect_eq(options.channel.sendq, 9);
	options_clear(&options);
	cr_expect_eq(parse_helper("-s -o history=1"), EX_USAGE);
	options_clear(&options);
	cr_expect_eq(parse_helper("-d"), EX_USAGE);
	options_clear(&options);
}

Test(options, names_the_invalid_argument)
{
	refuse(NULL, NULL, NULL, "a mount point is missing");
	refuse("-f", NULL, NULL, "a mount point is missing");
	refuse("sim", "/mnt", "/other", "'/other' is one argument too many");
	refuse("--nonsense", "/mnt", NULL, "--nonsense");
	refuse("-o", NULL, NULL, "-o");
	refuse("-o", "nonsense", "/mnt", "'nonsense'");
	refuse("-o", "history=1", "/mnt", "history=1 ");
	refuse("-o", "log=65535", "/mnt", "log=65535 cannot be used; give 0");
	refuse("-o", "capture=65535", "/mnt",
	       "capture=65535 cannot be used; give 0");
	refuse("-o", "sim.hmcs=0", "/mnt", "sim.hmcs=0 ");
}

Test(options, an_unknown_option_names_the_nearest_known_one)
{
	refuse("--devic=sim", "/mnt", NULL, "did you mean '--device='?");
	refuse("--histoyr=1M", "/mnt", NULL, "did you mean '-o history='?");
	refuse("--nonsense", "/mnt", NULL, "see vmcfs --help");
	refuse("-q", "/mnt", NULL, "-q; see vmcfs --help");
}

Test(options, prints_its_version)
{
	cr_expect_eq(parse("--version", NULL, NULL), 0);
	cr_expect_str_eq(said->str, "vmcfs " VMCFS_VERSION "\n");
	options_clear(&options);
	cr_expect_eq(parse("-V", "/mnt", NULL), 0);
	options_clear(&options);
}

Test(options, prints_help_in_80_columns)
{
	static const char *const words[] = { "MOUNTPOINT", "--device=",
					     "  history=", "  sim.hmcs=",
					     "umount",	   "  77 " };
	g_auto(GStrv) lines = NULL;

	cr_expect_eq(parse("--help", NULL, NULL), 0);
	options_clear(&options);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		cr_expect_not_null(strstr(said->str, words[i]), "%s", words[i]);
	lines = g_strsplit(said->str, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		cr_expect_leq(strlen(lines[i]), 80, "%s", lines[i]);
	cr_expect_null(strchr(said->str, '\t'));
	cr_expect_eq(parse("-h", "/mnt", NULL), 0);
	options_clear(&options);
}
