/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file tree: what hangs together behind the FUSE operations. One tree
 * serves one mount of one channel, in one thread. The operations themselves
 * stand in the files named after what they serve.
 */
#ifndef VMCFS_TREE_H
#define VMCFS_TREE_H

#include <sys/types.h>
#include <time.h>

#include <glib.h>

#include "users.h"

struct channel;
struct hmc;
struct logging;
struct parking;
struct segment;

/**
 * struct tree_config - what the user chose
 * @uid: owner of everything
 * @gid: group of everything
 * @mode: of files
 * @dmode: of directories
 * @handles: most open files of all users
 * @handles_per_uid: most open files of one user without privilege
 */
struct tree_config {
	uid_t uid;
	gid_t gid;
	mode_t mode;
	mode_t dmode;
	guint handles;
	guint handles_per_uid;
};

/* Lists of open files that callers of poll(2) wait for. */
enum watch_list {
	WATCH_READABLE, /* channels, for input */
	WATCH_WRITABLE, /* channels and writers, for output */
	WATCH_BOTH,	/* channels, for both */
	WATCH_LOG,	/* logs, of the segment that was the newest then */
	WATCH_PAST,	/* logs, of older segments */
	WATCH_LISTS,
};

/**
 * struct known - state of an HMC index that its waiters were notified of
 * @total: messages received
 * @serial: newest session
 * @segment: id of the newest segment
 * @dropped: segments of the mount that were dropped
 * @state: enum hmc_state
 * @writable: there is room, and nobody saw that there was none since
 */
struct known {
	guint64 total;
	guint64 serial;
	guint64 segment;
	guint64 dropped;
	guint state;
	gboolean writable;
};

/**
 * struct hmc_files - the directory of one HMC index
 * @tree: it belongs to
 * @hmc: behind it
 * @directory: inode number of hmcN
 * @control: inode number of hmcN/control
 * @status: inode number of hmcN/status
 * @changed: wall clock of the last change, for stat(2)
 * @unsettled: something happened that its waiters were not told yet
 * @handles: open files of message
 * @watchers: those of @handles that callers of poll(2) wait for
 * @known: state that the waiters were notified of
 * @reads: parked requests that wait for a message
 * @writes: parked requests that wait for room
 * @commands: parked requests that wait for the end of a command
 */
struct hmc_files {
	struct tree *tree;
	struct hmc *hmc;
	guint64 directory;
	guint64 control;
	guint64 status;
	struct timespec changed;
	gboolean unsettled;
	GQueue handles;
	GQueue watchers[WATCH_LISTS];
	struct known known;
	GQueue reads;
	GQueue writes;
	GQueue commands;
};

/**
 * struct tree - one mount
 * @channel: behind it
 * @logging: the log level
 * @config: as the user chose
 * @readme: inode number of README
 * @control: inode number of control
 * @status: inode number of status
 * @started: wall clock, for stat(2)
 * @grown: wall clock of the last new directory, for stat(2)
 * @changed: wall clock of the channel's last change, for stat(2)
 * @unsettled: something happened that somebody was not told yet
 * @waiting: bytes that waiting reads and writes take
 * @users: users who have files open
 * @texts: open text files but the channel's status
 * @statuses: open files of the channel's status
 * @parking: waiting requests
 * @files: struct hmc_files for each HMC index
 * @by_ino: these, by the inode numbers of directory, control and status
 * @commands: parked requests that wait for the end of a root command
 */
struct tree {
	struct channel *channel;
	struct logging *logging;
	struct tree_config config;
	guint64 readme;
	guint64 control;
	guint64 status;
	struct timespec started;
	struct timespec grown;
	struct timespec changed;
	gboolean unsettled;
	gsize waiting;
	struct users users;
	GQueue texts;
	GQueue statuses;
	struct parking *parking;
	GPtrArray *files;
	GHashTable *by_ino;
	GQueue commands;
};

/**
 * tree_new() - a tree over a channel
 * @channel: must outlive it
 * @logging: must outlive it
 * @config: copied
 */
struct tree *tree_new(struct channel *channel, struct logging *logging,
		      const struct tree_config *config);

/**
 * tree_free() - end it
 * @tree: without parked requests and open files; NULL is allowed
 */
void tree_free(struct tree *tree);

/**
 * tree_add_files() - add the directories of HMC indices that are new
 * @tree: any
 */
void tree_add_files(struct tree *tree);

/**
 * tree_files() - the directory of an HMC index
 * @tree: any
 * @index: any
 *
 * Return: the directory, or NULL if there is none.
 */
struct hmc_files *tree_files(const struct tree *tree, guint index);

/**
 * tree_find_files() - find the HMC index that an inode belongs to
 * @tree: any
 * @ino: inode number of a directory, a control or a status file
 *
 * Return: the directory, or NULL if no index has this inode.
 */
struct hmc_files *tree_find_files(const struct tree *tree, guint64 ino);

#endif
