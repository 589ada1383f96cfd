// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One table: the level and the words of each type of event that is logged.
 */
#include "events.h"

#include <stdlib.h>

#include <glib.h>

#include "../resets.h"

static const struct {
	GLogLevelFlags level;
	const char *words;
} table[] = {
	[IBMVMC_EVENT_STATE] = { G_LOG_LEVEL_INFO,
				 "the channel's state is now" },
	[IBMVMC_EVENT_ENTRY_DROPPED] = { G_LOG_LEVEL_INFO,
					 "an entry was dropped" },
	[IBMVMC_EVENT_SEND_FAILED] = { G_LOG_LEVEL_WARNING,
				       "an entry could not be sent" },
	[IBMVMC_EVENT_TRANSPORT] = { G_LOG_LEVEL_INFO, "transport event" },
	[IBMVMC_EVENT_RESET] = { G_LOG_LEVEL_WARNING,
				 "the channel is reset by this side" },
	[IBMVMC_EVENT_TIMEOUT] = { G_LOG_LEVEL_WARNING,
				   "no answer to a message of type" },
	[IBMVMC_EVENT_SESSION_READY] = { G_LOG_LEVEL_INFO, "open: session" },
	[IBMVMC_EVENT_SESSION_ENDED] = { G_LOG_LEVEL_INFO, "ended: session" },
	[IBMVMC_EVENT_MESSAGE_LOST] = { G_LOG_LEVEL_WARNING,
					"a message was lost; its bytes" },
};

static void add_entry(GString *line, const struct ibmvmc_crq_msg *entry)
{
	g_string_append_c(line, ':');
	for (gsize i = 0; i < sizeof(entry->bytes); i++)
		g_string_append_printf(line, " %02x", entry->bytes[i]);
}

void sim_event_log(const struct ibmvmc_event *event)
{
	g_autoptr(GString) line = NULL;

	if (!table[event->type].words)
		return;
	line = g_string_new(table[event->type].words);
	if (event->entry)
		add_entry(line, event->entry);
	else
		g_string_append_printf(line, " %d", (int)event->value);
	if (event->index >= 0)
		g_string_append_printf(line, ", hmc%d", event->index);
	if (event->error)
		g_string_append_printf(line, ", %s",
				       g_strerror(abs(event->error)));
	g_log(G_LOG_DOMAIN, table[event->type].level, "%s", line->str);
}

const char *sim_event_reset(const struct ibmvmc_event *event)
{
	if (event->type == IBMVMC_EVENT_RESET)
		return reset_words(RESET_SELF);
	if (event->type != IBMVMC_EVENT_TRANSPORT)
		return NULL;
	switch (event->value) {
	case VMC_EVENT_PARTNER_FAILED:
		return reset_words(RESET_PARTNER_FAILED);
	case VMC_EVENT_PARTNER_DEREGISTERED:
		return reset_words(RESET_PARTNER_DEREGISTERED);
	case VMC_EVENT_PARTNER_TERMINATED:
		return reset_words(RESET_PARTNER_TERMINATED);
	case VMC_EVENT_MIGRATED:
		return reset_words(RESET_MIGRATED);
	default:
		return reset_words(RESET_OTHER_EVENT);
	}
}
