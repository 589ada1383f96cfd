// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The place of the character device's back end. This version says that it has
 * none.
 */
#include "chardev.h"

#include <errno.h>

int device_chardev_new(const char *path, struct device **device, char **why)
{
	*device = NULL;
	*why = g_strdup_printf(
		"the back end for character devices such as %s is not built yet; use --device=sim",
		path);
	return -ENOSYS;
}
