// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Privileges: from the options to the plan of the helper's verbs.
 */
#include "privileges.h"

#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#include "defaults.h"
#include "errors.h"
#include "privilege/filter.h"
#include "verbs.h"

int privileges_start(const struct options *options, int at, char **argv,
		     struct privilege **privilege)
{
	gboolean sim = g_str_equal(options->device, VMCFS_DEVICE_SIM);
	g_autofree char *node =
		sim ? NULL : g_canonicalize_filename(options->device, NULL);
	const struct verbs_plan plan = {
		.mount = {
			.at = at,
			.path = options->mount_point,
			.source = options->device,
			.allow_other = options->allow_other,
			.flags = options->mount_flags->str,
		},
		.node = node,
	};
	int error = verbs_start(&plan, argv, privilege);

	close(at);
	if (!error)
		return 0;
	g_printerr("vmcfs: privileges cannot be dropped: %s%s\n",
		   g_strerror(-error), error_remedy(error));
	return EX_OSERR;
}

int privileges_confine(void)
{
	int error = filter_install(FILTER_DAEMON);

	if (!error)
		return 0;
	g_warning("system calls cannot be filtered: %s%s", g_strerror(-error),
		  error == -ENOSYS ? "; serving without a filter" : "");
	return error == -ENOSYS ? 0 : error;
}
