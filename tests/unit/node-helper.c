// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Node helper: offers the daemon's privileged actions without a directory to
 * mount on. It contains no test.
 */
#include "node-helper.h"

#include <criterion/criterion.h>

#include "verbs.h"

struct privilege *node_helper_new(const char *path)
{
	g_autofree char *node = g_canonicalize_filename(path, NULL);
	const struct verbs_plan plan = { .mount.at = -1, .node = node };
	struct privilege *privilege = NULL;

	cr_assert_eq(verbs_start(&plan, NULL, &privilege), 0);
	return privilege;
}
