// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One table of words.
 */
#include "resets.h"

#include <glib.h>

static const char *const table[] = {
	[RESET_PARTNER_FAILED] = "the partner failed",
	[RESET_PARTNER_DEREGISTERED] = "the partner deregistered its queue",
	[RESET_PARTNER_TERMINATED] = "the partner was terminated",
	[RESET_MIGRATED] = "the partition was suspended or migrated",
	[RESET_OTHER_EVENT] =
		"the partner is gone, for a reason that is not known",
	[RESET_SELF] = "the channel was reset by this side",
	[RESET_REMOVED] = "the device was removed",
	[RESET_UNKNOWN] = "the channel was reset; the driver does not say why",
};

const char *reset_words(enum reset_kind kind)
{
	return (gsize)kind < G_N_ELEMENTS(table) ? table[kind] : NULL;
}
