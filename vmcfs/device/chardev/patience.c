// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Delays that double, and one deadline.
 */
#include "patience.h"

#include "../../defaults.h"

void patience_init(struct patience *patience, gint64 now, guint limit_ms)
{
	patience->delay_ms = VMCFS_RETRY_MIN_MS;
	patience->deadline = now + (gint64)limit_ms * 1000;
}

guint patience_next(struct patience *patience)
{
	guint delay_ms = patience->delay_ms;

	patience->delay_ms = MIN(2 * delay_ms, VMCFS_RETRY_MAX_MS);
	return delay_ms;
}

gboolean patience_is_over(const struct patience *patience, gint64 now)
{
	return now >= patience->deadline;
}
