// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Quotas of users: tests the limit of one user, the limit of all users, and
 * the share reserved for privileged users. It opens no files.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "defaults.h"
#include "tree/users.h"

#define OWNER 1000
#define FIRST 1234
#define SECOND 1235

static struct users users;

static void setup(void)
{
	users_init(&users, OWNER, 64, 40);
}

static void teardown(void)
{
	users_clear(&users);
}

TestSuite(users, .init = setup, .fini = teardown);

static struct user *enter(uid_t uid, const char *refused_by)
{
	g_autofree char *why = NULL;
	struct user *user = users_open(&users, uid, &why);

	cr_assert_eq(user == NULL, why != NULL);
	cr_assert_eq(user == NULL, refused_by != NULL, "%u", uid);
	if (why)
		cr_expect_not_null(strstr(why, refused_by), "%s", why);
	return user;
}

static struct user *enter_times(uid_t uid, guint times)
{
	struct user *user = NULL;

	for (guint i = 0; i < times; i++)
		user = enter(uid, NULL);
	return user;
}

static void leave_times(struct user *user, guint times)
{
	for (guint i = 0; i < times; i++)
		user_close(user);
}

Test(users, limits_one_user_all_users_and_the_share_of_others)
{
	struct user *first = enter_times(FIRST, 40);
	struct user *second, *owner;

	enter(FIRST, "user 1234 has 40 files of this mount open, the limit of "
		     "handles_per_uid=");
	second = enter_times(SECOND, 16);
	enter(SECOND, "have 56 files of this mount open, their share of "
		      "handles=64");
	owner = enter_times(OWNER, 7);
	leave_times(enter(0, NULL), 1);
	leave_times(enter(getuid(), NULL), 1);
	enter_times(OWNER, 1);
	enter(0, "64 files of this mount are open, the limit of handles=");
	cr_expect_eq(users.quotas[QUOTA_HANDLES].refused, 3);
	leave_times(first, 40);
	leave_times(second, 16);
	leave_times(owner, 8);
	cr_expect_eq(users.quotas[QUOTA_HANDLES].used, 0);
	cr_expect_eq(users.quotas[QUOTA_HANDLES].used_by_others, 0);
	cr_expect_eq(g_hash_table_size(users.by_uid), 0);
}

Test(users, a_refused_user_is_not_remembered)
{
	struct user *owner = enter_times(OWNER, 64);

	enter(FIRST, "the limit of handles=");
	cr_expect_eq(g_hash_table_size(users.by_uid), 1);
	leave_times(owner, 64);
}

Test(users, limits_the_texts_of_one_user)
{
	struct user *user = enter(FIRST, NULL);
	struct user *other = enter(SECOND, NULL);

	for (guint i = 0; i < VMCFS_TEXTS_PER_UID; i++) {
		cr_expect_eq(user_has_spare_texts(user),
			     i < VMCFS_TEXTS_PER_UID / 2);
		cr_assert(user_keep_text(user));
	}
	cr_expect_not(user_keep_text(user));
	cr_expect(user_keep_text(other));
	user_drop_text(user);
	cr_expect(user_keep_text(user));
	cr_expect_eq(users.quotas[QUOTA_HANDLES].refused, 0);
	for (guint i = 0; i < VMCFS_TEXTS_PER_UID; i++)
		user_drop_text(user);
	user_drop_text(other);
	leave_times(user, 1);
	leave_times(other, 1);
}

Test(users, shows_limits_and_counts)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct user *user = enter_times(FIRST, 3);

	users_status(&users, 1, text);
	cr_expect_str_eq(text->str, "handles: 2\n"
				    "handles_limit: 64\n"
				    "handles_per_uid_limit: 40\n"
				    "handles_refused: 0\n");
	leave_times(user, 3);
}
