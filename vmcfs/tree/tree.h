/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tree: the state of one mount of one channel. It serves no request, and is
 * used by one thread at a time (turns.h).
 */
#ifndef VMCFS_TREE_H
#define VMCFS_TREE_H

#include <sys/types.h>
#include <time.h>

#include <glib.h>

#include "announce.h"
#include "kernel-cache.h"
#include "users.h"

struct channel;
struct hmc;
struct logging;
struct marks;
struct pending_requests;
struct segment;

/**
 * struct tree_config - mount options of the tree
 * @uid: owner of all files
 * @gid: group of all files
 * @mode: mode of files
 * @dmode: mode of directories
 * @handles: maximum number of open files of all users
 * @handles_per_uid: maximum number of open files of one user without privilege
 * @poll_us: microseconds to poll for a request before sleeping; 0 never polls
 */
struct tree_config {
	uid_t uid;
	gid_t gid;
	mode_t mode;
	mode_t dmode;
	guint handles;
	guint handles_per_uid;
	guint poll_us;
};

/* Lists of open files that callers of poll(2) wait for. */
enum watch_list {
	WATCH_READABLE, /* channels, for input */
	WATCH_WRITABLE, /* channels and writers, for output */
	WATCH_BOTH,	/* channels, for both */
	WATCH_LOG,  /* logs, of the segment that was the newest at the poll */
	WATCH_PAST, /* logs, of older segments */
	WATCH_JOURNAL, /* log, log.json and capture */
	WATCH_LISTS,
};

/**
 * struct known - state of an HMC index that its waiters were notified of
 * @total: messages received
 * @serial: newest session
 * @segment: id of the newest segment
 * @dropped: segments of the mount that were dropped
 * @records: records ever added to the journal, and its rotations
 * @state: enum hmc_state
 * @writable: TRUE if there was room, and no caller found none since
 */
struct known {
	guint64 total;
	guint64 serial;
	guint64 segment;
	guint64 dropped;
	guint64 records;
	guint state;
	gboolean writable;
};

/**
 * struct hmc_files - directory of one HMC index
 * @tree: tree it belongs to
 * @hmc: HMC index
 * @directory: inode number of hmcN
 * @control: inode number of hmcN/control
 * @status: inode number of hmcN/status
 * @changed: wall clock of the last change, for stat(2)
 * @newest: number of changes of names in the directory at that time
 * @wake_due: TRUE if an event occurred since the last wakeups_run()
 * @handles: open files of message
 * @journals: open files of log, log.json and capture
 * @watchers: those of @handles and @journals that callers of poll(2) wait for
 * @known: state that the waiters were notified of
 * @reads: pending reads, which wait for a message
 * @writes: pending writes, which wait for room
 * @commands: pending writes to the control file
 * @announced: changes that were announced to callers of inotify
 */
struct hmc_files {
	struct tree *tree;
	struct hmc *hmc;
	guint64 directory;
	guint64 control;
	guint64 status;
	struct timespec changed;
	guint64 newest;
	gboolean wake_due;
	GQueue handles;
	GQueue journals;
	GQueue watchers[WATCH_LISTS];
	struct known known;
	GQueue reads;
	GQueue writes;
	GQueue commands;
	struct announcements announced;
};

/**
 * struct tree - one mount
 * @channel: channel it shows
 * @logging: log of the daemon, for its level
 * @marks: changes to announce to callers of inotify, or NULL while nobody does
 * @silence: reason why nobody announces changes, or NULL
 * @probed: monotonic microseconds of the last probe of the announcer, or 0
 * @config: mount options
 * @readme: inode number of README
 * @control: inode number of control
 * @status: inode number of status
 * @metrics: inode number of metrics
 * @started: wall clock, for stat(2)
 * @grown: wall clock of the last new directory, for stat(2)
 * @changed: wall clock of the channel's last change, for stat(2)
 * @wake_due: TRUE if an event occurred since the last wakeups_run()
 * @answered: length of the last data that a read returned, in bytes; 0 after the
 *	begin of a request
 * @waiting: bytes that pending reads and writes take
 * @cache: nodes that the kernel may have cached
 * @text: text that was made last, for node_text()
 * @text_of: number of the node whose text it still is, or 0
 * @users: users who have files open
 * @texts: open text files except those of @statuses
 * @statuses: open files of status and metrics, whose texts do not count them
 * @requests: pending requests
 * @files: struct hmc_files for each HMC index
 * @by_ino: struct hmc_files by the inode numbers of directory, control and
 *	status
 * @commands: pending writes to the control file of the root
 */
struct tree {
	struct channel *channel;
	struct logging *logging;
	struct marks *marks;
	const char *silence;
	gint64 probed;
	struct tree_config config;
	guint64 readme;
	guint64 control;
	guint64 status;
	guint64 metrics;
	struct timespec started;
	struct timespec grown;
	struct timespec changed;
	gboolean wake_due;
	gsize answered;
	gsize waiting;
	struct kernel_cache cache;
	GString *text;
	guint64 text_of;
	struct users users;
	GQueue texts;
	GQueue statuses;
	struct pending_requests *requests;
	GPtrArray *files;
	GHashTable *by_ino;
	GQueue commands;
};

/**
 * tree_new() - make a tree for a channel
 * @channel: channel to show; must outlive the tree
 * @logging: logging of the daemon; must outlive the tree
 * @config: mount options, copied
 *
 * Return: the tree, owned by the caller.
 */
struct tree *tree_new(struct channel *channel, struct logging *logging,
		      const struct tree_config *config);

/**
 * tree_free() - free a tree
 * @tree: without pending requests and open files; NULL is allowed
 */
void tree_free(struct tree *tree);

/**
 * tree_add_files() - add the directories of new HMC indices
 * @tree: tree of the mount
 */
void tree_add_files(struct tree *tree);

/**
 * tree_files() - get the directory of an HMC index
 * @tree: tree of the mount
 * @index: HMC index, offered or not
 *
 * Return: the directory, or NULL if there is none.
 */
struct hmc_files *tree_files(const struct tree *tree, guint index);

/**
 * tree_find_files() - find the HMC index that an inode belongs to
 * @tree: tree of the mount
 * @ino: inode number of a directory, a control or a status file
 *
 * Return: the directory, or NULL if no index has this inode.
 */
struct hmc_files *tree_find_files(const struct tree *tree, guint64 ino);

#endif
