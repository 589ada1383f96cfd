// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount words: options that mount(8), fstab, systemd and other FUSE file systems
 * know: which are passed to the mount, which have no effect, and why others are
 * refused. It stores no value.
 */
#include "options.h"

#include <string.h>

/* Options of mount(8), passed to the mount. */
static const char *const flags[] = { "ro",	"rw",	 "suid",  "nosuid",
				     "dev",	"nodev", "exec",  "noexec",
				     "sync",	"async", "atime", "noatime",
				     "dirsync", NULL };

/*
 * Options for mount(8) and systemd, or without effect on the tree, and options
 * of FUSE that are always on.
 */
static const char *const ignored[] = { "defaults",     "auto",
				       "noauto",       "user",
				       "nouser",       "users",
				       "owner",	       "group",
				       "nofail",       "_netdev",
				       "relatime",     "norelatime",
				       "strictatime",  "nostrictatime",
				       "lazytime",     "nolazytime",
				       "diratime",     "nodiratime",
				       "iversion",     "noiversion",
				       "mand",	       "nomand",
				       "silent",       "loud",
				       "nonempty",     "default_permissions",
				       "auto_unmount", NULL };

/* Options with a value, for mount(8) and umount(8). */
static const char *const ignored_keys[] = { "comment", "user", "uhelper",
					    "helper", NULL };

/* Options of other FUSE file systems, with or without a value. */
static const struct refusal {
	const char *word;
	const char *why;
} refusals[] = {
	{ "umask", "give mode= and dmode=" },
	{ "user_id",
	  "the user who mounts is meant; uid= is the owner of the files" },
	{ "group_id",
	  "the group that mounts is meant; gid= is the group of the files" },
	{ "rootmode", "give dmode=" },
	{ "fd", "vmcfs opens /dev/fuse itself" },
	{ "kernel_cache", "vmcfs itself controls the caches of the kernel" },
	{ "auto_cache", "vmcfs itself controls the caches of the kernel" },
	{ "direct_io", "vmcfs itself controls the caches of the kernel" },
	{ "attr_timeout", "vmcfs itself controls the caches of the kernel" },
	{ "entry_timeout", "vmcfs itself controls the caches of the kernel" },
	{ "negative_timeout",
	  "vmcfs itself controls the caches of the kernel" },
};

gboolean mount_words_is_flag(const char *word)
{
	return g_strv_contains(flags, word);
}

gboolean mount_words_is_ignored(const char *word, gboolean has_value)
{
	return g_str_has_prefix(word, "x-") || g_str_has_prefix(word, "X-") ||
	       g_strv_contains(has_value ? ignored_keys : ignored, word);
}

const char *mount_words_refusal(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		if (g_str_equal(refusals[i].word, word))
			return refusals[i].why;
	}
	return NULL;
}

static void add(GPtrArray *names, const char *const *words)
{
	for (; *words; words++)
		g_ptr_array_add(names, (gpointer)*words);
}

void mount_words_add_names(GPtrArray *names)
{
	add(names, flags);
	add(names, ignored);
}
