// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount words: options that mount(8), fstab, systemd, libfuse and other FUSE file
 * systems know, and what each of them does here. It stores no value.
 */
#include "options.h"

#include <string.h>

/*
 * Words that are treated alike, separated by spaces. Of accepted ones, those with
 * a value end with "="; refused ones are refused with a value and without. The
 * reason of a refusal follows "option '...' is not supported; ".
 */
static const struct family {
	enum mount_word use;
	const char *words;
	const char *reason;
} families[] = {
	{ MOUNT_WORD_PASSED,
	  "ro rw suid nosuid dev nodev exec noexec sync async atime noatime dirsync",
	  "flags of the mount" },
	{ MOUNT_WORD_IGNORED,
	  "defaults auto noauto nofail _netdev user user= nouser users nousers owner noowner group nogroup comment= helper= uhelper=",
	  "for mount(8), umount(8) and systemd" },
	{ MOUNT_WORD_IGNORED,
	  "X-mount.mkdir X-mount.mkdir= x-mount.mkdir x-mount.mkdir=",
	  "mount(8) has made the directory" },
	{ MOUNT_WORD_IGNORED,
	  "diratime nodiratime relatime norelatime strictatime nostrictatime lazytime nolazytime iversion noiversion",
	  "the daemon, not the kernel, has the times of the files" },
	{ MOUNT_WORD_IGNORED, "mand nomand silent loud",
	  "the kernel ignores them" },
	{ MOUNT_WORD_IGNORED, "symfollow nosymfollow",
	  "the tree has no symbolic links" },
	{ MOUNT_WORD_IGNORED,
	  "default_permissions auto_unmount nonempty use_ino readdir_ino noforget intr big_writes async_read auto_inval_data no_remote_lock no_remote_flock no_remote_posix_lock",
	  "always on" },
	{ MOUNT_WORD_REFUSED, "umask fmask dmask", "give mode= and dmode=" },
	{ MOUNT_WORD_REFUSED, "rootmode X-mount.mode x-mount.mode",
	  "give dmode=" },
	{ MOUNT_WORD_REFUSED, "user_id",
	  "the user who mounts is meant; uid= is the owner of the files" },
	{ MOUNT_WORD_REFUSED, "group_id",
	  "the group that mounts is meant; gid= is the group of the files" },
	{ MOUNT_WORD_REFUSED,
	  "idmap usermapping X-mount.idmap X-mount.owner X-mount.group x-mount.idmap x-mount.owner x-mount.group",
	  "all files have one owner and one group; give uid= and gid=" },
	{ MOUNT_WORD_REFUSED,
	  "permissions acl noacl posix_acl user_xattr nouser_xattr",
	  "files have no ACL and no attributes; give mode=, dmode=, uid= and gid=" },
	{ MOUNT_WORD_REFUSED, "context fscontext defcontext rootcontext",
	  "the policy of SELinux for FUSE labels the files; leave it out" },
	{ MOUNT_WORD_REFUSED, "setuid",
	  "give it to mount -t fuse.vmcfs, or uid= for the owner of the files" },
	{ MOUNT_WORD_REFUSED, "drop_privileges",
	  "vmcfs itself drops its privileges; leave it out" },
	{ MOUNT_WORD_REFUSED, "fd",
	  "vmcfs opens /dev/fuse itself; leave it out" },
	{ MOUNT_WORD_REFUSED, "subdir X-mount.subdir x-mount.subdir",
	  "mount the tree, and then its directory with mount --bind" },
	{ MOUNT_WORD_REFUSED, "bind rbind move",
	  "give mount(8) --bind, --rbind or --move, without a type" },
	{ MOUNT_WORD_REFUSED,
	  "shared rshared private rprivate slave rslave unbindable runbindable",
	  "mount(8) sets it after the mount, as mount --make-shared does" },
	{ MOUNT_WORD_REFUSED, "blkdev blksize loop offset sizelimit",
	  "a channel is not a block device; leave it out" },
	{ MOUNT_WORD_REFUSED,
	  "kernel_cache auto_cache noauto_cache direct_io cache attr_timeout ac_attr_timeout entry_timeout negative_timeout cache_timeout writeback_cache no_writeback_cache no_auto_inval_data no_rofd_flush",
	  "vmcfs itself controls the caches of the kernel; leave it out" },
	{ MOUNT_WORD_REFUSED,
	  "max_write max_readahead no_readahead max_background congestion_threshold large_read sync_read async_dio no_async_dio atomic_o_trunc time_gran readdirplus no_readdirplus splice_read splice_write splice_move no_splice_read no_splice_write no_splice_move intr_signal",
	  "vmcfs itself chooses how the kernel makes requests; leave it out" },
	{ MOUNT_WORD_REFUSED, "clone_fd max_threads max_idle_threads",
	  "requests are taken by one thread; leave it out" },
	{ MOUNT_WORD_REFUSED, "debug", "give -d, or log_level=debug" },
	{ MOUNT_WORD_REFUSED, "hard_remove remember nopath",
	  "files of the tree cannot be removed or renamed; leave it out" },
	{ MOUNT_WORD_REFUSED,
	  "follow_symlinks transform_symlinks rellinks norellinks",
	  "the tree has no symbolic links; leave it out" },
	{ MOUNT_WORD_REFUSED,
	  "modules iconv from_code to_code locale iocharset nls codepage utf8",
	  "names of the tree are ASCII, and no module changes them; leave it out" },
	{ MOUNT_WORD_REFUSED, "reconnect",
	  "vmcfs itself opens a lost device again; leave it out" },
};

static gboolean lists(const struct family *family, const char *word)
{
	g_auto(GStrv) words = g_strsplit(family->words, " ", -1);

	return g_strv_contains((const char *const *)words, word);
}

/* fstab has comments and words for any program with these prefixes. */
static enum mount_word judge_prefix(const char *name, const char **reason)
{
	if (!g_str_has_prefix(name, "x-") && !g_str_has_prefix(name, "X-"))
		return MOUNT_WORD_UNKNOWN;
	if (!g_str_has_prefix(name + 2, "mount."))
		return MOUNT_WORD_IGNORED;
	*reason = "only mount(8) can act on it; leave it out";
	return MOUNT_WORD_REFUSED;
}

enum mount_word mount_words_judge(const char *name, gboolean has_value,
				  const char **reason)
{
	g_autofree char *form = g_strconcat(name, has_value ? "=" : "", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
		const struct family *family = &families[i];

		*reason = family->reason;
		if (lists(family,
			  family->use == MOUNT_WORD_REFUSED ? name : form))
			return family->use;
	}
	return judge_prefix(name, reason);
}

void mount_words_add_names(GPtrArray *names)
{
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
		g_autofree char **words =
			g_strsplit(families[i].words, " ", -1);
		gboolean accepted = families[i].use != MOUNT_WORD_REFUSED;

		for (guint j = 0; words[j]; j++) {
			if (accepted)
				g_ptr_array_add(names, words[j]);
			else
				g_free(words[j]);
		}
	}
}
