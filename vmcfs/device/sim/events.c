// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events: logs the events of the protocol engine, from one table of levels and
 * words. It acts on no event.
 */
#include "sim.h"

#include <stdlib.h>

#include "engine/engine.h"
#include "uapi/ibmvmc.h"
#include "vmc/message.h"

static const struct {
	GLogLevelFlags level;
	const char *words;
} table[] = {
	[IBMVMC_EVENT_STATE] = { G_LOG_LEVEL_INFO, "channel" },
	[IBMVMC_EVENT_ENTRY_DROPPED] = { G_LOG_LEVEL_INFO,
					 "an entry was dropped" },
	[IBMVMC_EVENT_SEND_FAILED] = { G_LOG_LEVEL_WARNING,
				       "an entry could not be sent" },
	[IBMVMC_EVENT_TRANSPORT] = { G_LOG_LEVEL_INFO, "transport event:" },
	[IBMVMC_EVENT_RESET] = { G_LOG_LEVEL_WARNING,
				 "this side resets the channel" },
	[IBMVMC_EVENT_TIMEOUT] = { G_LOG_LEVEL_WARNING, "no response to" },
	[IBMVMC_EVENT_SESSION_READY] = { G_LOG_LEVEL_INFO, "opened: session" },
	[IBMVMC_EVENT_SESSION_ENDED] = { G_LOG_LEVEL_INFO, "ended: session" },
	[IBMVMC_EVENT_MESSAGE_LOST] = { G_LOG_LEVEL_WARNING,
					"a message was lost; its bytes:" },
};

static const char *state_words(gint32 state)
{
	switch (state) {
	case IBMVMC_STATE_SCHED_RESET:
		return "resetting";
	case IBMVMC_STATE_INITIAL:
		return "down";
	case IBMVMC_STATE_CRQINIT:
		return "initializing";
	case IBMVMC_STATE_CAPABILITIES:
		return "exchanging capabilities";
	case IBMVMC_STATE_READY:
		return "ready";
	default:
		return "failed";
	}
}

static const char *request_words(guint32 type)
{
	switch (type) {
	case VMC_MSG_CAPABILITIES:
		return "Capabilities";
	case VMC_MSG_OPEN:
		return "Interface Open";
	case VMC_MSG_CLOSE:
		return "Interface Close";
	default:
		return "Initialize";
	}
}

/* Reset kinds below IBMVMC_RESET_OTHER_EVENT equal the transport events. */
static const char *transport_words(guint32 kind)
{
	return device_reset_words(kind ? kind : IBMVMC_RESET_OTHER_EVENT);
}

static void add_entry(GString *line, const struct ibmvmc_crq_msg *entry)
{
	g_string_append_c(line, ':');
	for (gsize i = 0; i < sizeof(entry->bytes); i++)
		g_string_append_printf(line, " %02x", entry->bytes[i]);
}

static void add_value(GString *line, const struct ibmvmc_event *event)
{
	switch (event->type) {
	case IBMVMC_EVENT_STATE:
		g_string_append_printf(line, " %s",
				       state_words((gint32)event->value));
		break;
	case IBMVMC_EVENT_TRANSPORT:
		g_string_append_printf(line, " %s",
				       transport_words(event->value));
		break;
	case IBMVMC_EVENT_TIMEOUT:
		g_string_append_printf(line, " %s",
				       request_words(event->value));
		break;
	case IBMVMC_EVENT_RESET:
		break;
	default:
		g_string_append_printf(line, " %u", event->value);
	}
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
		add_value(line, event);
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
		return device_reset_words(IBMVMC_RESET_SELF);
	if (event->type == IBMVMC_EVENT_TRANSPORT)
		return transport_words(event->value);
	return NULL;
}
