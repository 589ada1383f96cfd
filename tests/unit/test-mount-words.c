// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount words: tests which options of mount(8), libfuse and other FUSE file
 * systems are accepted, and the sentence of each refusal. It mounts nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "options.h"

static struct options options;

static void setup(void)
{
	char *argv[] = { (char *)"vmcfs", (char *)"/mnt", NULL };
	int status;

	cr_assert(options_parse(&options, 2, argv, &status));
}

static void teardown(void)
{
	options_clear(&options);
}

TestSuite(mount_words, .init = setup, .fini = teardown);

static void accept(const char *list)
{
	g_autofree char *why = NULL;

	cr_expect(mount_options_parse(&options, list, &why), "%s: %s", list,
		  why);
}

static void refuse(const char *list, const char *sentence)
{
	g_autofree char *why = NULL;

	cr_expect_not(mount_options_parse(&options, list, &why), "%s", list);
	cr_expect(why && strstr(why, sentence), "%s: %s", list,
		  why ? why : "accepted");
}

static void expect_flags(const char *flags)
{
	cr_expect_str_eq(options.mount_flags->str, flags);
	g_string_truncate(options.mount_flags, 0);
}

/* Words of mount(8) of util-linux, and of libfuse, which are separated by spaces. */
static const char flags[] =
	"ro rw suid nosuid dev nodev exec noexec sync async atime noatime dirsync";

static const char without_effect[] =
	"defaults auto noauto user nouser users nousers owner noowner group "
	"nogroup nofail _netdev relatime norelatime strictatime nostrictatime "
	"lazytime nolazytime diratime nodiratime iversion noiversion mand nomand "
	"silent loud symfollow nosymfollow user=me uhelper=udisks2 helper=vmcfs "
	"comment=any x-systemd.automount x-systemd.requires=a=b X-any x-gvfs-show "
	"X-mount.mkdir X-mount.mkdir=0755 x-mount.mkdir x-mount.mkdir=0700 "
	"nonempty default_permissions auto_unmount use_ino readdir_ino noforget "
	"intr big_writes async_read auto_inval_data no_remote_lock "
	"no_remote_flock no_remote_posix_lock subtype=vmcfs max_read=0";

static const struct {
	const char *words;
	const char *reason;
} refusals[] = {
	{ "umask=077 fmask=0133 dmask=022 umask", "give mode= and dmode=" },
	{ "rootmode=40000 X-mount.mode=0700", "give dmode=" },
	{ "user_id=0", "uid= is the owner of the files" },
	{ "group_id=0", "gid= is the group of the files" },
	{ "idmap=user usermapping=x X-mount.owner=me X-mount.group=me "
	  "X-mount.idmap=b:0:1:1",
	  "give uid= and gid=" },
	{ "permissions acl noacl posix_acl user_xattr nouser_xattr",
	  "give mode=, dmode=, uid= and gid=" },
	{ "context=a:b:c:s0 fscontext=x defcontext=x rootcontext=@target",
	  "the policy of SELinux" },
	{ "setuid=nobody", "give it to mount -t fuse.vmcfs" },
	{ "drop_privileges", "itself drops its privileges; leave it out" },
	{ "fd=3", "opens /dev/fuse itself; leave it out" },
	{ "subdir=hmc0 X-mount.subdir=hmc0 x-mount.subdir=hmc0",
	  "with mount --bind" },
	{ "bind rbind move", "give mount(8) --bind" },
	{ "shared rshared private rprivate slave rslave unbindable "
	  "runbindable",
	  "mount --make-shared" },
	{ "blkdev blksize=512 loop loop=/dev/loop0 offset=0 sizelimit=1",
	  "not a block device; leave it out" },
	{ "kernel_cache auto_cache noauto_cache direct_io cache=yes "
	  "attr_timeout=1 ac_attr_timeout=1 entry_timeout=1.5 "
	  "negative_timeout=0 cache_timeout=1 writeback_cache "
	  "no_writeback_cache no_auto_inval_data no_rofd_flush",
	  "itself controls the caches of the kernel; leave it out" },
	{ "max_write=4096 max_readahead=0 no_readahead max_background=1 "
	  "congestion_threshold=1 large_read sync_read async_dio "
	  "no_async_dio atomic_o_trunc time_gran=1 readdirplus=no "
	  "no_readdirplus splice_read splice_write splice_move "
	  "no_splice_read no_splice_write no_splice_move intr_signal=10",
	  "itself chooses how the kernel makes requests; leave it out" },
	{ "clone_fd max_threads=1 max_idle_threads=1 max_threads",
	  "by one thread; leave it out" },
	{ "debug", "give -d, or log_level=debug" },
	{ "hard_remove remember=1 nopath", "cannot be removed or renamed" },
	{ "follow_symlinks transform_symlinks rellinks norellinks",
	  "no symbolic links; leave it out" },
	{ "modules=subdir iconv from_code=UTF-8 to_code=UTF-8 locale=C "
	  "iocharset=utf8 nls=utf8 codepage=437 utf8",
	  "are ASCII" },
	{ "reconnect", "opens a lost device again" },
	{ "X-mount.auto-fstypes=fuse X-mount.noloop x-mount.new",
	  "only mount(8) can act on it; leave it out" },
};

/* Calls a function for each of some words. */
static void each(const char *words, const char *sentence,
		 void (*function)(const char *word, const char *sentence))
{
	g_auto(GStrv) split = g_strsplit(words, " ", -1);

	for (guint i = 0; split[i]; i++)
		function(split[i], sentence);
}

static void expect_flag(const char *word, const char *sentence)
{
	g_autofree char *flag = g_strconcat(",", word, NULL);

	(void)sentence;
	accept(word);
	expect_flags(flag);
}

static void expect_nothing(const char *word, const char *sentence)
{
	gboolean allowed = options.allow_other;

	(void)sentence;
	accept(word);
	expect_flags("");
	cr_expect_eq(options.allow_other, allowed, "%s", word);
}

static void expect_refusal(const char *word, const char *sentence)
{
	g_autofree char *name = g_strndup(word, strcspn(word, "="));
	g_autofree char *begin =
		g_strdup_printf("option '%s' is not supported; ", name);

	refuse(word, begin);
	refuse(word, sentence);
}

Test(mount_words, flags_of_mount_are_passed_to_the_mount)
{
	each(flags, NULL, expect_flag);
}

Test(mount_words, the_last_of_two_opposite_flags_counts)
{
	static const char *const pairs[][2] = {
		{ "ro", "rw" },	     { "suid", "nosuid" },
		{ "dev", "nodev" },  { "exec", "noexec" },
		{ "sync", "async" }, { "atime", "noatime" },
		{ "ro", "ro" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(pairs[i]); j++) {
			g_autofree char *list =
				g_strdup_printf("%s,dirsync,%s,history=1M,%s",
						pairs[i][!j], pairs[i][!j],
						pairs[i][j]);
			g_autofree char *expected =
				g_strconcat(",dirsync,", pairs[i][j], NULL);

			accept(list);
			expect_flags(expected);
		}
	}
}

Test(mount_words, words_for_other_programs_and_those_always_on_have_no_effect)
{
	each(without_effect, NULL, expect_nothing);
	expect_nothing("comment=any thing", NULL);
}

Test(mount_words, other_words_of_mount_and_fuse_are_refused_with_a_reason)
{
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
		each(refusals[i].words, refusals[i].reason, expect_refusal);
}

Test(mount_words, a_value_of_an_option_that_has_none_is_refused)
{
	static const char *const words[] = { "ro",	    "noexec",
					     "defaults",    "nofail",
					     "nosymfollow", "auto_unmount",
					     "allow_other", "allow_root" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *word = g_strconcat(words[i], "=fs", NULL);
		g_autofree char *empty = g_strconcat(words[i], "=", NULL);
		g_autofree char *sentence =
			g_strdup_printf("option '%s' has no value", words[i]);

		refuse(word, sentence);
		refuse(empty, sentence);
	}
}

Test(mount_words, an_option_without_its_value_is_refused)
{
	static const char *const words[] = {
		"history",   "uid",	"mode",	   "send_timeout",
		"log_level", "open",	"fsname",  "subtype",
		"max_read",  "sim.mtu", "comment", "uhelper",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *sentence = g_strdup_printf(
			"option '%s' needs a value; give %s=VALUE", words[i],
			words[i]);

		refuse(words[i], sentence);
	}
}

Test(mount_words, a_value_without_a_name_is_refused_and_an_empty_word_is_not)
{
	refuse("=x", "begins with '='");
	refuse("=", "begins with '='");
	refuse("ro,=,rw", "begins with '='");
	g_string_truncate(options.mount_flags, 0);
	accept(",,ro,,noexec,");
	expect_flags(",ro,noexec");
}

Test(mount_words, a_comma_in_quotes_is_refused_with_a_remedy)
{
	refuse("fsname=\"a,b\"", "give a backslash before it");
	accept("fsname=\"a\\,b\"");
	cr_expect_str_eq(options.shown, "\"a,b\"");
}

Test(mount_words, sloppy_options_are_ignored_unless_only_their_form_is_wrong)
{
	options.sloppy = TRUE;
	accept("nonsense,nonsense=1,umask=077");
	refuse("ro=fs", "has no value");
	refuse("history", "needs a value");
	refuse("history=1", "cannot be used");
	refuse("=x", "begins with '='");
}

Test(mount_words, an_unknown_option_names_a_known_one_that_is_like_it)
{
	static const struct {
		const char *given, *nearest;
	} cases[] = {
		{ "histoyr=1M", "'histoyr'; did you mean 'history='?" },
		{ "hist=1M", "did you mean 'history='?" },
		{ "RO", "did you mean 'ro'?" },
		{ "allowother", "did you mean 'allow_other'?" },
		{ "allow_roots", "did you mean 'allow_root'?" },
		{ "sim.mcs=2", "did you mean 'sim.hmcs='?" },
		{ "hmcs=2", "did you mean 'sim.hmcs='?" },
		{ "loglevel=info", "did you mean 'log_level='?" },
		{ "name=x", "did you mean 'fsname='?" },
		{ "timeout=1", "did you mean 'send_timeout='?" },
		{ "nofial", "did you mean 'nofail'?" },
		{ "nosymfolow", "did you mean 'nosymfollow'?" },
		{ " ro", "unknown option ' ro'" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		refuse(cases[i].given, cases[i].nearest);
}

Test(mount_words, an_option_like_no_other_names_the_help)
{
	static const char *const words[] = {
		"nonsense", "max_size=1", "nosub", "remount=1",
		"verbose",  "port=22",	  "quota", "password=x",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		refuse(words[i], "'; see vmcfs --help");
}
