/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notice: the lines of the log that an administrator may wait for. Each kind has
 * a level and a MESSAGE_ID of the journal, and a line names the HMC index, the
 * session and the process that it is about. It writes nothing.
 *
 * vmcfs/data/vmcfs.catalog explains every kind. All warnings are notices, so
 * that each has an explanation (tests/check/catalog.sh).
 */
#ifndef VMCFS_NOTICE_H
#define VMCFS_NOTICE_H

#include <sys/types.h>

#include <glib.h>

enum notice_kind {
	NOTICE_MOUNTED,
	NOTICE_UNMOUNTED,
	NOTICE_STILL_MOUNTED,
	NOTICE_ABORTED,
	NOTICE_READY,
	NOTICE_RESET,
	NOTICE_FAILED,
	NOTICE_DEVICE_GONE,
	NOTICE_LATE,
	NOTICE_OPENED,
	NOTICE_NOT_OPENED,
	NOTICE_CLOSED,
	NOTICE_LOST,
	NOTICE_UNSENT,
	NOTICE_NOT_STORED,
	NOTICE_MISSED,
	NOTICE_SEGMENTS_DROPPED,
	NOTICE_NOT_WATCHED,
	NOTICE_NOT_TRANSMITTED,
	NOTICE_NO_RESPONSE,
	NOTICE_HELPER_ENDED,
	NOTICE_NOT_ANNOUNCED,
	NOTICE_NO_FILTER,
	NOTICE_FUSE,
	NOTICE_LEVEL, /* logged at any level */
	NOTICE_LINES_DROPPED,
	NOTICE_LINES_LIMITED,
	NOTICE_KINDS,
};

/**
 * struct notice_row - description of a kind
 * @words: name, for a line about lines of this kind
 * @level: level of GLib
 * @id: MESSAGE_ID, 32 hexadecimal digits
 */
struct notice_row {
	const char *words;
	GLogLevelFlags level;
	const char *id;
};

extern const struct notice_row notice_table[NOTICE_KINDS];

/**
 * struct caller - process that caused a line
 * @known: FALSE if no process did, or it is not known
 * @uid: its user
 * @pid: its process ID, or 0 if it is in another PID namespace
 */
struct caller {
	gboolean known;
	uid_t uid;
	pid_t pid;
};

/* Value of @hmc in struct notice of a line about the whole mount. */
#define NOTICE_NO_HMC (-1)

/**
 * struct notice - the fields of a line
 * @kind: enum notice_kind
 * @hmc: HMC index, or NOTICE_NO_HMC
 * @session: number of the session, or 0
 * @caller: process that caused it
 */
struct notice {
	enum notice_kind kind;
	int hmc;
	guint64 session;
	struct caller caller;
};

/* Key of the log field of GLib whose value is a struct notice. */
#define NOTICE_FIELD "VMCFS_NOTICE"

/**
 * notice_log() - log a line about an HMC index, a session or a process
 * @notice: its fields
 * @format: text of the line, in the format of printf()
 */
void notice_log(const struct notice *notice, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/**
 * notice_mount() - log a line about the whole mount
 * @kind: kind of the line
 * @format: text of the line, in the format of printf()
 */
void notice_mount(enum notice_kind kind, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/**
 * notice_caller() - name a process
 * @caller: process
 * @otherwise: words to return if it is not known
 *
 * Return: words that follow "by", to be freed.
 */
char *notice_caller(const struct caller *caller, const char *otherwise);

#endif
