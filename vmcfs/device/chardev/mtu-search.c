// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A binary search: some fifteen questions.
 */
#include "mtu-search.h"

#include "vmc/limits.h"

guint32 mtu_search(gboolean (*is_too_long)(void *data, guint32 len), void *data)
{
	guint32 fits = 0;
	guint32 above = VMC_MTU_MAX + 1;

	while (above - fits > 1) {
		guint32 middle = fits + (above - fits) / 2;

		if (is_too_long(data, middle))
			above = middle;
		else
			fits = middle;
	}
	return fits;
}
