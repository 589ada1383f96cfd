// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Users: keeps a table of users and one of limits. It opens and closes no file.
 *
 * Root, the owner of the tree and the user who mounted it are bounded only by
 * the limit for all users. Other users cannot use 1 / VMCFS_QUOTA_RESERVE of
 * it, so that the former can always use the tree.
 */
#include "users.h"

#include <unistd.h>

#include "../channel/metrics.h"
#include "../defaults.h"

static const struct metric open_files = {
	"vmcfs_open_files", METRIC_GAUGE,
	"Open files of the mount, without status and metrics."
};
static const struct metric open_files_limit = {
	"vmcfs_open_files_limit", METRIC_GAUGE,
	"Limit of open files, from handles=."
};
static const struct metric refused = {
	"vmcfs_open_files_refused_total", METRIC_COUNTER,
	"Opens that were refused above a limit."
};

void users_init(struct users *users, uid_t owner, guint handles,
		guint handles_per_uid)
{
	*users = (struct users){
		.by_uid = g_hash_table_new_full(NULL, NULL, NULL, g_free),
		.owner = owner,
		.mounter = getuid(),
		.quotas = {
			[QUOTA_HANDLES] = { .limit = handles,
					    .per_uid = handles_per_uid },
			[QUOTA_TEXTS] = { .limit = VMCFS_TEXTS_MAX,
					  .per_uid = VMCFS_TEXTS_PER_UID },
		},
	};
}

void users_clear(struct users *users)
{
	g_hash_table_destroy(users->by_uid);
}

static guint limit_of_others(const struct quota *quota)
{
	return quota->limit - MAX(1, quota->limit / VMCFS_QUOTA_RESERVE);
}

static struct user *get_user(struct users *users, uid_t uid)
{
	gpointer key = GUINT_TO_POINTER(uid);
	struct user *user = g_hash_table_lookup(users->by_uid, key);

	if (user)
		return user;
	user = g_new0(struct user, 1);
	user->users = users;
	user->uid = uid;
	user->privileged =
		uid == 0 || uid == users->owner || uid == users->mounter;
	g_hash_table_insert(users->by_uid, key, user);
	return user;
}

static void forget_if_idle(struct user *user)
{
	if (!user->used[QUOTA_HANDLES])
		g_hash_table_remove(user->users->by_uid,
				    GUINT_TO_POINTER(user->uid));
}

static gboolean is_above_own(const struct user *user, enum quota_kind kind)
{
	return !user->privileged &&
	       user->used[kind] >= user->users->quotas[kind].per_uid;
}

static gboolean is_above_all(const struct user *user, enum quota_kind kind)
{
	const struct quota *quota = &user->users->quotas[kind];

	return quota->used >= quota->limit ||
	       (!user->privileged &&
		quota->used_by_others >= limit_of_others(quota));
}

static gboolean take(struct user *user, enum quota_kind kind)
{
	struct quota *quota = &user->users->quotas[kind];

	if (is_above_own(user, kind) || is_above_all(user, kind)) {
		quota->refused++;
		return FALSE;
	}
	user->used[kind]++;
	quota->used++;
	quota->used_by_others += user->privileged ? 0 : 1;
	return TRUE;
}

static void give_back(struct user *user, enum quota_kind kind)
{
	struct quota *quota = &user->users->quotas[kind];

	user->used[kind]--;
	quota->used--;
	quota->used_by_others -= user->privileged ? 0 : 1;
}

static char *name_limit(const struct user *user)
{
	const struct quota *quota = &user->users->quotas[QUOTA_HANDLES];

	if (is_above_own(user, QUOTA_HANDLES))
		return g_strdup_printf(
			"user %u has %u files of this mount open, the limit of handles_per_uid=; close some",
			user->uid, user->used[QUOTA_HANDLES]);
	if (quota->used >= quota->limit)
		return g_strdup_printf(
			"%u files of this mount are open, the limit of handles=; close some",
			quota->used);
	return g_strdup_printf(
		"users without privilege have %u files of this mount open, their share of handles=%u; close some",
		quota->used_by_others, quota->limit);
}

struct user *users_open(struct users *users, uid_t uid, char **why)
{
	struct user *user = get_user(users, uid);

	if (take(user, QUOTA_HANDLES))
		return user;
	*why = name_limit(user);
	forget_if_idle(user);
	return NULL;
}

void user_close(struct user *user)
{
	give_back(user, QUOTA_HANDLES);
	forget_if_idle(user);
}

gboolean user_keep_text(struct user *user)
{
	return take(user, QUOTA_TEXTS);
}

void user_drop_text(struct user *user)
{
	give_back(user, QUOTA_TEXTS);
}

gboolean user_has_spare_texts(const struct user *user)
{
	const struct quota *quota = &user->users->quotas[QUOTA_TEXTS];

	return user->used[QUOTA_TEXTS] < quota->per_uid / 2 &&
	       quota->used < quota->limit / 2;
}

void users_status(const struct users *users, guint hidden, GString *text)
{
	const struct quota *quota = &users->quotas[QUOTA_HANDLES];

	g_string_append_printf(text,
			       "handles: %u\n"
			       "handles_limit: %u\n"
			       "handles_per_uid_limit: %u\n"
			       "handles_refused: %" G_GUINT64_FORMAT "\n",
			       quota->used - hidden, quota->limit,
			       quota->per_uid, quota->refused);
}

void users_metrics(const struct users *users, guint hidden, GString *text)
{
	const struct quota *quota = &users->quotas[QUOTA_HANDLES];

	metrics_add(&open_files, quota->used - hidden, text);
	metrics_add(&open_files_limit, quota->limit, text);
	metrics_add(&refused, quota->refused, text);
}
