// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of errors. Code, documentation and tests read it from here.
 */
#include "errors.h"

#include <errno.h>
#include <stdlib.h>

const struct error_meaning error_table[] = {
	{ EINVAL, "EINVAL", "the command is not in the grammar" },
	{ EMSGSIZE, "EMSGSIZE", "too long" },
	{ ENXIO, "ENXIO", "no session is open" },
	{ EBUSY, "EBUSY", "a session is open already, or the index is in use" },
	{ EAGAIN, "EAGAIN", "it would have to wait" },
	{ ETIMEDOUT, "ETIMEDOUT", "the hypervisor did not answer in time" },
	{ ECONNREFUSED, "ECONNREFUSED", "the hypervisor refused to open" },
	{ ECONNRESET, "ECONNRESET", "the session was lost while waiting" },
	{ EPIPE, "EPIPE", "messages were dropped before they were read" },
	{ ENODEV, "ENODEV", "the channel or its device is gone" },
	{ EPERM, "EPERM", "not permitted" },
	{ EACCES, "EACCES", "not allowed by the file's mode" },
	{ EROFS, "EROFS", "a record of the past cannot be written to" },
	{ ESTALE, "ESTALE", "this part of the log was dropped" },
	{ ENOBUFS, "ENOBUFS", "too many reads and writes wait" },
	{ ENFILE, "ENFILE", "too many files of this mount are open" },
	{ EINTR, "EINTR", "a signal or the kernel ended the wait; try again" },
	{ EIO, "EIO", "the device failed" },
	{ ENOMEM, "ENOMEM", "not enough memory" },
};

const gsize error_table_len = G_N_ELEMENTS(error_table);

static const struct error_meaning *find(int error)
{
	for (gsize i = 0; i < error_table_len; i++) {
		if (error_table[i].number == abs(error))
			return &error_table[i];
	}
	return NULL;
}

const char *error_name(int error)
{
	const struct error_meaning *entry = find(error);

	return entry ? entry->name : g_strerror(abs(error));
}

const char *error_meaning(int error)
{
	const struct error_meaning *entry = find(error);

	return entry ? entry->meaning : g_strerror(abs(error));
}

static const struct {
	int number;
	const char *remedy;
} remedies[] = {
	{ EAGAIN, "; allow more processes (ulimit -u)" },
	{ EMFILE, "; allow more open files (ulimit -n)" },
	{ ENFILE, "; raise the sysctl fs.file-max" },
	{ ENOMEM, "; allow more memory (ulimit -v and -d), or free some" },
	{ ENOSPC, "; raise the sysctl fs.mount-max" },
	{ ENODEV, "; load the kernel's support for FUSE with 'modprobe fuse'" },
	{ EINVAL, "; is /dev/fuse the device with the numbers 10, 229?" },
	{ EBUSY, "; see what else was mounted there, and try again" },
	{ ENOSYS, "; Linux 5.16 or newer is needed" },
	{ EPERM, "; start it as root" },
};

const char *error_remedy(int error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++) {
		if (remedies[i].number == abs(error))
			return remedies[i].remedy;
	}
	return "";
}
