// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Status: writes the status files. It changes no state. One function for each
 * kind of value keeps the lines alike.
 */
#include "channel.h"

#include <string.h>

#include "../device/device.h"
#include "../log/journal.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "../text.h"

/* Formats of printf(3) would allocate a string for each line. */
static void add_key(GString *text, const char *key)
{
	g_string_append(text, key);
	g_string_append(text, ": ");
}

static void add_number(GString *text, const char *key, guint64 value)
{
	add_key(text, key);
	text_add_number(text, value);
	g_string_append_c(text, '\n');
}

static void add_word(GString *text, const char *key, const char *word)
{
	add_key(text, key);
	g_string_append(text, word);
	g_string_append_c(text, '\n');
}

static void add_text(GString *text, const char *key, gconstpointer value,
		     gsize len)
{
	add_key(text, key);
	text_add_quoted(text, value, len);
	g_string_append_c(text, '\n');
}

static void add_time(GString *text, const char *key, gint64 realtime_us)
{
	add_key(text, key);
	text_add_time(text, realtime_us);
	g_string_append_c(text, '\n');
}

static const char *device_state_word(enum device_state state)
{
	switch (state) {
	case DEVICE_DOWN:
		return "down";
	case DEVICE_CONNECTING:
		return "connecting";
	case DEVICE_READY:
		return "ready";
	case DEVICE_FAILED:
		return "failed";
	}
	return "unknown";
}

static const char *hmc_state_word(enum hmc_state state, gboolean unproven)
{
	switch (state) {
	case HMC_NONE:
		return "none";
	case HMC_OPENING:
		return "opening";
	case HMC_READY:
		return unproven ? "opening" : "ready";
	case HMC_CLOSING:
		return "closing";
	}
	return "unknown";
}

void status_channel(const struct channel *channel, GString *text)
{
	const struct device_ops *ops = channel->device->ops;
	struct device_info info;

	device_get_info(channel->device, &info);
	add_word(text, "version", VMCFS_VERSION);
	add_text(text, "device", channel->device->name,
		 strlen(channel->device->name));
	add_word(text, "driver", info.driver);
	add_word(text, "channel", device_state_word(info.state));
	add_number(text, "hmcs", channel->hmcs->len);
	add_number(text, "mtu_bytes", info.mtu);
	add_number(text, "pool_buffers", info.pool);
	g_string_append_printf(text, "drc_index: 0x%08x\n", info.drc_index);
	add_number(text, "resets", info.resets);
	add_text(text, "last_reset", info.last_reset ? info.last_reset : "",
		 info.last_reset ? strlen(info.last_reset) : 0);
	add_number(text, "history_bytes", channel->config.history);
	add_number(text, "memory_bytes", channel->memory.used);
	add_number(text, "memory_limit_bytes", channel->memory.limit);
	add_number(text, "segments", channel->memory.segments);
	add_number(text, "segments_dropped", channel->memory.dropped);
	add_number(text, "rotations_forced", channel->memory.rotations_forced);
	if (ops->status)
		ops->status(channel->device, text);
	last_error_print(&channel->last_error, text);
}

static void add_counters(GString *text, const struct hmc_counters *counters)
{
	add_number(text, "sessions", counters->sessions);
	add_number(text, "sent_messages", counters->sent_messages);
	add_number(text, "sent_bytes", counters->sent_bytes);
	add_number(text, "received_messages", counters->received_messages);
	add_number(text, "received_bytes", counters->received_bytes);
	add_number(text, "received_empty_messages", counters->received_empty);
	add_number(text, "received_lost_messages", counters->received_lost);
	add_number(text, "unsent_messages", counters->unsent_messages);
}

static void add_records(GString *text, const struct journal *journal)
{
	add_number(text, "records", journal ? journal->total : 0);
	add_number(text, "records_bytes", journal ? journal->used : 0);
	add_number(text, "records_limit_bytes", journal ? journal->limit : 0);
	add_number(text, "records_dropped", journal ? journal->dropped : 0);
}

void status_hmc(const struct hmc *hmc, GString *text)
{
	const char *ended = hmc->ended ? hmc->ended : "";
	struct device_hmc_info info;

	device_get_hmc_info(hmc->config->device, hmc->index, &info);
	add_number(text, "index", hmc->index);
	add_word(text, "state", hmc_state_word(hmc->state, info.unproven));
	add_number(text, "session", info.session);
	add_text(text, "hmc_id", hmc->id, hmc->id_len);
	add_time(text, "opened_time", hmc->opened_at);
	add_text(text, "ended", ended, strlen(ended));
	add_number(text, "mtu_bytes", hmc_mtu(hmc));
	add_number(text, "buffers", info.buffers);
	add_number(text, "buffers_free", info.buffers_free);
	add_counters(text, &hmc->counters);
	add_number(text, "send_queue_messages", sendq_length(&hmc->sendq));
	add_number(text, "send_queue_bytes", hmc->sendq.bytes);
	add_number(text, "send_queue_limit_bytes", hmc->sendq.limit);
	add_word(text, "stalled", hmc->stalled ? "yes" : "no");
	add_number(text, "channels", hmc->channels);
	add_number(text, "waiting_readers", hmc->waiting_readers);
	add_number(text, "waiting_writers", hmc->waiting_writers);
	add_number(text, "log_messages", hmc->log->total);
	add_number(text, "log_segments", hmc->log->segments.length);
	add_number(text, "segment_bytes", segment_size(hmc->log->current));
	add_number(text, "rotations", hmc->log->rotations);
	add_number(text, "overruns", hmc->log->overruns);
	add_records(text, hmc->journal);
	last_error_print(&hmc->last_error, text);
}
