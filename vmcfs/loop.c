// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bounded wait inside the default main context.
 */
#include "loop.h"

static gboolean time_is_up(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

gboolean loop_until(gboolean (*done)(gpointer data), gpointer data, guint ms)
{
	gboolean late = FALSE;
	guint timer = g_timeout_add(ms, time_is_up, &late);
	gboolean is_so;

	while (!(is_so = done(data)) && !late)
		g_main_context_iteration(NULL, TRUE);
	if (!late)
		g_source_remove(timer);
	return is_so;
}
