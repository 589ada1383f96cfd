// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events: logs the events of the protocol engine, from one table of levels and
 * words. It acts on no event.
 */
#include "sim.h"

#include <stdlib.h>

#include "../../notice.h"
#include "engine/engine.h"
#include "uapi/ibmvmc.h"
#include "vmc/message.h"

/* The kind of notice is NOTICE_KINDS for a line of level info. */
static const struct {
	enum notice_kind kind;
	const char *words;
} table[] = {
	[IBMVMC_EVENT_STATE] = { NOTICE_KINDS, "channel" },
	[IBMVMC_EVENT_ENTRY_DROPPED] = { NOTICE_KINDS, "an entry was dropped" },
	[IBMVMC_EVENT_SEND_FAILED] = { NOTICE_NOT_TRANSMITTED,
				       "an entry could not be sent" },
	[IBMVMC_EVENT_TRANSPORT] = { NOTICE_KINDS, "transport event:" },
	[IBMVMC_EVENT_RESET] = { NOTICE_KINDS, "this side resets the channel" },
	[IBMVMC_EVENT_TIMEOUT] = { NOTICE_NO_RESPONSE, "no response to" },
	[IBMVMC_EVENT_SESSION_READY] = { NOTICE_KINDS, "opened: session" },
	[IBMVMC_EVENT_SESSION_ENDED] = { NOTICE_KINDS, "ended: session" },
	[IBMVMC_EVENT_MESSAGE_LOST] = { NOTICE_KINDS,
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
	struct notice notice = { 0 };

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
	notice.kind = table[event->type].kind;
	notice.hmc = event->index >= 0 ? event->index : NOTICE_NO_HMC;
	if (notice.kind == NOTICE_KINDS)
		g_info("%s", line->str);
	else
		notice_log(&notice, "%s", line->str);
}

const char *sim_event_reset(const struct ibmvmc_event *event)
{
	if (event->type == IBMVMC_EVENT_RESET)
		return device_reset_words(IBMVMC_RESET_SELF);
	if (event->type == IBMVMC_EVENT_TRANSPORT)
		return transport_words(event->value);
	return NULL;
}
