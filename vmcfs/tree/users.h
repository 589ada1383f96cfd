/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users: counts the open files and the kept texts of each user, and refuses
 * those above the limits. It does not know the files.
 */
#ifndef VMCFS_USERS_H
#define VMCFS_USERS_H

#include <sys/types.h>

#include <glib.h>

struct users;

enum quota_kind {
	QUOTA_HANDLES, /* open files */
	QUOTA_TEXTS,   /* texts that are read in parts */
	QUOTA_KINDS,
};

/**
 * struct quota - limit of one kind
 * @limit: maximum for all users
 * @per_uid: maximum for one user without privilege
 * @used: number in use by all users
 * @used_by_others: part of @used that users without privilege use
 * @refused: number of requests above a limit
 */
struct quota {
	guint limit;
	guint per_uid;
	guint used;
	guint used_by_others;
	guint64 refused;
};

/**
 * struct user - user who has a file open
 * @users: all users
 * @uid: user ID
 * @privileged: TRUE for root, the owner of the tree and the user who mounted it
 * @used: number in use, by kind
 */
struct user {
	struct users *users;
	uid_t uid;
	gboolean privileged;
	guint used[QUOTA_KINDS];
};

/**
 * struct users - users who have files open
 * @by_uid: struct user by user ID
 * @owner: owner of the tree
 * @mounter: user who mounted it
 * @quotas: limits, by kind
 */
struct users {
	GHashTable *by_uid;
	uid_t owner;
	uid_t mounter;
	struct quota quotas[QUOTA_KINDS];
};

/**
 * users_init() - start without users
 * @users: uninitialised
 * @owner: owner of the tree
 * @handles: maximum number of open files
 * @handles_per_uid: maximum number of open files of one user without privilege
 *
 * The caller is the user who mounts.
 */
void users_init(struct users *users, uid_t owner, guint handles,
		guint handles_per_uid);

/**
 * users_clear() - free the table
 * @users: without open files
 */
void users_clear(struct users *users);

/**
 * users_open() - count an open file
 * @users: initialised
 * @uid: user who opens it
 * @why: set on failure to a clause that names the limit, to be freed
 *
 * Return: the user, to be passed to user_close(), or NULL above a limit.
 */
struct user *users_open(struct users *users, uid_t uid, char **why);

/**
 * user_close() - subtract an open file
 * @user: user returned by users_open(); may be freed
 */
void user_close(struct user *user);

/**
 * user_keep_text() - count a text that is read in parts
 * @user: user who reads it
 *
 * Return: FALSE above a limit.
 */
gboolean user_keep_text(struct user *user);

/**
 * user_drop_text() - subtract such a text
 * @user: user who read it
 */
void user_drop_text(struct user *user);

/**
 * user_has_spare_texts() - check whether an unneeded text may be kept
 * @user: user who has a file open
 *
 * Return: FALSE if the user, or all users together, keep half of the texts that
 * they may keep.
 */
gboolean user_has_spare_texts(const struct user *user);

/**
 * users_status() - append the status lines about open files
 * @users: initialised
 * @hidden: number of open files to leave out
 * @text: string to append to
 */
void users_status(const struct users *users, guint hidden, GString *text);

/**
 * users_metrics() - append the metrics about open files
 * @users: initialised
 * @hidden: number of open files to leave out
 * @text: string to append to
 */
void users_metrics(const struct users *users, guint hidden, GString *text);

#endif
