// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Usage: the text of --help, from tables of names and explanations in two
 * columns. It parses no option.
 */
#include "options.h"

#include "defaults.h"
#include "text.h"

struct entry {
	const char *name;
	const char *help;
};

static const struct entry options[] = {
	{ "-f, --foreground", "stay in the foreground" },
	{ "-d, --debug", "log everything, and stay in the foreground" },
	{ "-s", "accepted: requests are always taken by one thread" },
	{ "--device=SOURCE", "the source, as an option" },
	{ "-o, --options=LIST",
	  "mount options, separated by commas; see below" },
	{ "--step=STEP",
	  "one step of a service: prepare, serve, release or reload; see vmcfs@.service" },
	{ "-h, --help", "print this text" },
	{ "-V, --version", "print the version" },
};

static const struct entry sources[] = {
	{ "PATH",
	  "a character device, shown in /proc/mounts; default " VMCFS_DEVICE_DEFAULT },
	{ "sim", "the simulated hypervisor, without hardware" },
};

static const struct entry helper[] = {
	{ "-f", "check everything, but mount nothing" },
	{ "-n", "ignored" },
	{ "-s", "ignore unknown and unsupported mount options" },
	{ "-v", "print the result" },
	{ "-t TYPE", "ignored" },
	{ "-N FILE", "mount in the mount namespace of this file" },
};

static const struct entry shared[] = {
	{ "-o LIST", "mount options, separated by commas; see below" },
	{ "-h", "print this text" },
	{ "-V", "print the version" },
};

static const struct entry statuses[] = {
	{ "0", "success" },
	{ "64", "wrong command line" },
	{ "66", "no such mount point" },
	{ "69",
	  "no device, a session of open= was refused, or a reload cannot be applied" },
	{ "70", "internal error" },
	{ "71",
	  "the system refused something: /dev/fuse, processes, descriptors, memory; or the mount was aborted or could not be removed" },
	{ "73", "mount point in use" },
	{ "74",
	  "messages were left unsent at the end, or standard output cannot be written to" },
	{ "77", "no permission for the mount point, or to mount" },
};

static const struct entry helper_statuses[] = {
	{ "0", "success" },
	{ "1", "wrong command line, or no permission" },
	{ "2", "the system refused a resource" },
	{ "4", "internal error" },
	{ "32", "the mount failed" },
};

static void add_table(GString *text, const struct entry *table, gsize count)
{
	for (gsize i = 0; i < count; i++)
		text_add_columns(text, table[i].name, table[i].help);
}

/* Options follow. */
static void add_sources(GString *text)
{
	g_string_append(text, "\nSOURCE, the channel:\n");
	add_table(text, sources, G_N_ELEMENTS(sources));
	g_string_append(text, "\nOptions:\n");
}

static void add_mount_options(GString *text)
{
	g_string_append(text, "\nMount options (-o):\n");
	mount_options_help(text);
	g_string_append(text, "\nFor the simulated device (-o):\n");
	sim_options_help(text);
}

char *usage_of_helper(void)
{
	GString *text = g_string_new(
		"Usage: mount.vmcfs SOURCE MOUNTPOINT [OPTION...]\n"
		"Mount the tree of vmcfs for mount(8), as mount -t vmcfs does.\n");

	add_sources(text);
	add_table(text, helper, G_N_ELEMENTS(helper));
	add_table(text, shared, G_N_ELEMENTS(shared));
	add_mount_options(text);
	g_string_append(text, "\nExit status, as of mount(8):\n");
	add_table(text, helper_statuses, G_N_ELEMENTS(helper_statuses));
	return g_string_free(text, FALSE);
}

char *usage_text(void)
{
	GString *text = g_string_new(
		"Usage: vmcfs [OPTION...] [SOURCE] MOUNTPOINT\n"
		"Serve a POWER Virtual Management Channel as a directory tree.\n"
		"\n"
		"Example, without POWER hardware:\n"
		"  vmcfs sim /mnt && cat /mnt/README\n"
		"Unmount with:\n"
		"  umount MOUNTPOINT            (as root)\n"
		"  fusermount3 -u MOUNTPOINT    (as the user who mounted)\n");

	add_sources(text);
	add_table(text, options, G_N_ELEMENTS(options));
	add_mount_options(text);
	g_string_append(
		text,
		"\nAs mount.vmcfs, which mount(8) starts: mount.vmcfs SOURCE MOUNTPOINT\n");
	add_table(text, helper, G_N_ELEMENTS(helper));
	g_string_append(text, "\nExit status, as in sysexits.h:\n");
	add_table(text, statuses, G_N_ELEMENTS(statuses));
	return g_string_free(text, FALSE);
}
