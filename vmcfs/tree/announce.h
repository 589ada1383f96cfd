/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Announce: decides which changes the announcer reports to callers of inotify,
 * and answers its requests. It sends nothing by itself: the announcer is a
 * process of its own, because its requests come back to this one.
 *
 * While a rotation was not announced, the announcer sees the old file under its
 * old name. So its rename of that file, and the creation of the next one, are
 * what the kernel reports to callers that watch the directory.
 */
#ifndef VMCFS_ANNOUNCE_H
#define VMCFS_ANNOUNCE_H

#include <sys/types.h>

#include <glib.h>

struct hmc_files;
struct node;
struct tree;

/* Files that are rotated. */
enum announced_kind {
	ANNOUNCED_MESSAGE,
	ANNOUNCED_LOG,
	ANNOUNCED_JSON,
	ANNOUNCED_KINDS,
};

enum announced_state {
	ANNOUNCED_SHOWN,   /* the last rotation was announced */
	ANNOUNCED_TOUCHED, /* the old file was touched for the last time */
	ANNOUNCED_RENAMED, /* the old file has its new name */
};

/**
 * struct announced - rotation of a file, as announced so far
 * @current: inode number of the file with the name
 * @previous: inode number of the one with ".1", or 0
 * @state: enum announced_state
 */
struct announced {
	guint64 current;
	guint64 previous;
	enum announced_state state;
};

/**
 * struct announcements - changes of an HMC index, as announced so far
 * @files: files that are rotated
 * @total: messages received
 * @records: records ever added to the journal
 * @held: MARK_ bits of message that wait for the end of the waiting writes
 */
struct announcements {
	struct announced files[ANNOUNCED_KINDS];
	guint64 total;
	guint64 records;
	guint held;
};

/**
 * announce_init() - begin with the present files
 * @files: directory of an HMC index
 */
void announce_init(struct hmc_files *files);

/**
 * announce_root() - announce a change of the channel
 * @tree: tree of the mount
 */
void announce_root(struct tree *tree);

/**
 * announce_changes() - announce the changes of an HMC index since the last call
 * @files: directory of the HMC index
 *
 * Those of message are held back while a write waits: the writer has locked its
 * inode, and everybody else who needs the lock would wait for the announcer.
 */
void announce_changes(struct hmc_files *files);

/**
 * announce_sent() - announce that a message was sent
 * @files: directory of the HMC index
 */
void announce_sent(struct hmc_files *files);

/**
 * announce_released() - announce what was held back, if no write waits any more
 * @files: directory of the HMC index
 */
void announce_released(struct hmc_files *files);

/**
 * announce_look() - check whether the announcer still takes marks
 * @tree: tree of the mount
 *
 * Sets @silence of the tree if it has not done so for VMCFS_ANNOUNCER_MS, and
 * clears it if it has. The answer belongs to an earlier call, so call it at
 * changes, and before the status is read.
 */
void announce_look(struct tree *tree);

/**
 * announce_status() - append the lines of the status
 * @tree: tree of the mount
 * @text: text to append to
 */
void announce_status(const struct tree *tree, GString *text);

/**
 * announce_is_ours() - check whether a request comes from the announcer
 * @tree: tree of the mount
 * @thread: thread that sent the request, 0 if it has no number here
 *
 * Return: TRUE if it does.
 */
gboolean announce_is_ours(const struct tree *tree, pid_t thread);

/**
 * announce_lookup() - find a node for the announcer
 * @tree: tree of the mount
 * @parent: directory
 * @name: name in the directory
 * @node: filled on success
 *
 * If the file of a rotation that is to be announced was dropped, its name does not
 * exist, so that it cannot be renamed. The next one is created nevertheless.
 *
 * Return: as node_lookup().
 */
int announce_lookup(struct tree *tree, const struct node *parent,
		    const char *name, struct node *node);

/**
 * announce_touched() - the announcer has touched a file
 * @node: file
 */
void announce_touched(const struct node *node);

/**
 * announce_renamed() - the announcer has renamed a file
 * @parent: directory
 * @name: earlier name
 *
 * Return: 0; -EALREADY: the last rotation was announced with an earlier one;
 * -EPERM: the file is never renamed.
 */
int announce_renamed(const struct node *parent, const char *name);

/**
 * announce_created() - the announcer creates a file
 * @tree: tree of the mount
 * @parent: directory
 * @name: name in the directory
 * @node: filled on success with the file that has the name
 *
 * Return: 0, or -EPERM if no such rotation is being announced.
 */
int announce_created(struct tree *tree, const struct node *parent,
		     const char *name, struct node *node);

#endif
