// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Metrics: describes and prints the metrics of the channel, and, with the label
 * "hmc", those of each HMC index. It keeps no counter of its own.
 */
#include "metrics.h"

#include "../device/device.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "../text.h"
#include "channel.h"

enum channel_metric {
	CHANNEL_READY,
	CHANNEL_RESETS,
	CHANNEL_HMCS,
	CHANNEL_MTU,
	CHANNEL_LOG_BYTES,
	CHANNEL_LOG_LIMIT,
	CHANNEL_SEGMENTS,
	CHANNEL_DROPPED,
	CHANNEL_FORCED,
	CHANNEL_METRICS,
};

static const struct metric channel_metrics[CHANNEL_METRICS] = {
	[CHANNEL_READY] = { "vmcfs_channel_ready", METRIC_GAUGE,
			    "Whether sessions can be opened." },
	[CHANNEL_RESETS] = { "vmcfs_channel_resets_total", METRIC_COUNTER,
			     "Resets of the channel." },
	[CHANNEL_HMCS] = { "vmcfs_channel_hmcs", METRIC_GAUGE,
			   "HMC indices of the channel." },
	[CHANNEL_MTU] = { "vmcfs_channel_mtu_bytes", METRIC_GAUGE,
			  "Length of the largest message; 0 while unknown." },
	[CHANNEL_LOG_BYTES] = { "vmcfs_memory_bytes", METRIC_GAUGE,
				"Memory of all segments of message." },
	[CHANNEL_LOG_LIMIT] = { "vmcfs_memory_limit_bytes", METRIC_GAUGE,
				"Limit of that memory, from memory=." },
	[CHANNEL_SEGMENTS] = { "vmcfs_segments", METRIC_GAUGE,
			       "Segments of message that are kept." },
	[CHANNEL_DROPPED] = { "vmcfs_segments_dropped_total", METRIC_COUNTER,
			      "Segments dropped for lack of memory." },
	[CHANNEL_FORCED] = { "vmcfs_rotations_forced_total", METRIC_COUNTER,
			     "Rotations made to have a segment to drop." },
};

enum hmc_metric {
	HMC_SESSION_READY,
	HMC_SESSIONS,
	HMC_SESSIONS_LOST,
	HMC_SENT,
	HMC_SENT_BYTES,
	HMC_RECEIVED,
	HMC_RECEIVED_BYTES,
	HMC_RECEIVED_EMPTY,
	HMC_NOT_STORED,
	HMC_UNSENT,
	HMC_QUEUE,
	HMC_QUEUE_BYTES,
	HMC_QUEUE_LIMIT,
	HMC_STALLED,
	HMC_BUFFERS,
	HMC_BUFFERS_FREE,
	HMC_READERS,
	HMC_WAITING_READERS,
	HMC_WAITING_WRITERS,
	HMC_SEGMENT_BYTES,
	HMC_ROTATIONS,
	HMC_OVERRUNS,
	HMC_METRICS,
};

static const struct metric hmc_metrics[HMC_METRICS] = {
	[HMC_SESSION_READY] = { "vmcfs_session_ready", METRIC_GAUGE,
				"Whether a session is open." },
	[HMC_SESSIONS] = { "vmcfs_sessions_opened_total", METRIC_COUNTER,
			   "Sessions that were opened." },
	[HMC_SESSIONS_LOST] = { "vmcfs_sessions_lost_total", METRIC_COUNTER,
				"Sessions that ended and were not closed." },
	[HMC_SENT] = { "vmcfs_sent_messages_total", METRIC_COUNTER,
		       "Messages that the device accepted." },
	[HMC_SENT_BYTES] = { "vmcfs_sent_bytes_total", METRIC_COUNTER,
			     "Bytes of the messages that were sent." },
	[HMC_RECEIVED] = { "vmcfs_received_messages_total", METRIC_COUNTER,
			   "Messages that were received, also empty ones." },
	[HMC_RECEIVED_BYTES] = { "vmcfs_received_bytes_total", METRIC_COUNTER,
				 "Bytes of the messages that were received." },
	[HMC_RECEIVED_EMPTY] = { "vmcfs_received_empty_messages_total",
				 METRIC_COUNTER,
				 "Empty messages, which readers do not get." },
	[HMC_NOT_STORED] = { "vmcfs_received_lost_messages_total",
			     METRIC_COUNTER,
			     "Messages that the device could not store." },
	[HMC_UNSENT] = { "vmcfs_unsent_messages_total", METRIC_COUNTER,
			 "Queued messages that were lost with their session." },
	[HMC_QUEUE] = { "vmcfs_send_queue_messages", METRIC_GAUGE,
			"Messages that wait to be sent." },
	[HMC_QUEUE_BYTES] = { "vmcfs_send_queue_bytes", METRIC_GAUGE,
			      "Bytes of the messages that wait to be sent." },
	[HMC_QUEUE_LIMIT] = { "vmcfs_send_queue_limit_bytes", METRIC_GAUGE,
			      "Limit of these bytes, from sendq=." },
	[HMC_STALLED] = { "vmcfs_send_stalled", METRIC_GAUGE,
			  "Whether writes fail because nothing is accepted." },
	[HMC_BUFFERS] = { "vmcfs_buffers", METRIC_GAUGE,
			  "Buffers that the hypervisor has given." },
	[HMC_BUFFERS_FREE] = { "vmcfs_buffers_free", METRIC_GAUGE,
			       "Buffers that are free to send with." },
	[HMC_READERS] = { "vmcfs_channels", METRIC_GAUGE,
			  "Descriptors that read message as a channel." },
	[HMC_WAITING_READERS] = { "vmcfs_waiting_readers", METRIC_GAUGE,
				  "Reads that wait for a message." },
	[HMC_WAITING_WRITERS] = { "vmcfs_waiting_writers", METRIC_GAUGE,
				  "Writes that wait for room." },
	[HMC_SEGMENT_BYTES] = { "vmcfs_segment_bytes", METRIC_GAUGE,
				"Size of the file message." },
	[HMC_ROTATIONS] = { "vmcfs_rotations_total", METRIC_COUNTER,
			    "Rotations of message." },
	[HMC_OVERRUNS] = { "vmcfs_overruns_total", METRIC_COUNTER,
			   "Times that a channel reader missed messages." },
};

static const struct metric build_info = {
	"vmcfs_build_info", METRIC_GAUGE,
	"Version of the daemon, its device and the driver; always 1."
};
static const struct metric write_wait = {
	"vmcfs_write_wait_seconds", METRIC_HISTOGRAM,
	"Time that writes to message waited for room; 0 for most."
};
static const struct metric round_trip = {
	"vmcfs_round_trip_seconds", METRIC_HISTOGRAM,
	"Time from a sent message to the next received one."
};

static const char *type_word(enum metric_type type)
{
	switch (type) {
	case METRIC_COUNTER:
		return "counter";
	case METRIC_GAUGE:
		return "gauge";
	case METRIC_HISTOGRAM:
		return "histogram";
	}
	return "untyped";
}

void metrics_describe(const struct metric *metric, GString *text)
{
	g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n",
			       metric->name, metric->help, metric->name,
			       type_word(metric->type));
}

void metrics_add(const struct metric *metric, guint64 value, GString *text)
{
	metrics_describe(metric, text);
	g_string_append(text, metric->name);
	g_string_append_c(text, ' ');
	text_add_number(text, value);
	g_string_append_c(text, '\n');
}

static void add_sample(const struct metric *metric, guint hmc, guint64 value,
		       GString *text)
{
	g_string_append(text, metric->name);
	g_string_append(text, "{hmc=\"");
	text_add_number(text, hmc);
	g_string_append(text, "\"} ");
	text_add_number(text, value);
	g_string_append_c(text, '\n');
}

/* A label is UTF-8, and has these escapes only. */
static void add_label(GString *text, const char *name, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	g_autoptr(GString) escaped = g_string_new(valid);

	g_string_replace(escaped, "\\", "\\\\", 0);
	g_string_replace(escaped, "\"", "\\\"", 0);
	g_string_replace(escaped, "\n", "\\n", 0);
	g_string_append_printf(text, "%s=\"%s\"", name, escaped->str);
}

static void add_build_info(const struct channel *channel,
			   const struct device_info *info, GString *text)
{
	metrics_describe(&build_info, text);
	g_string_append_printf(text, "%s{version=\"" VMCFS_VERSION "\",",
			       build_info.name);
	add_label(text, "device", channel->device->name);
	g_string_append_c(text, ',');
	add_label(text, "driver", info->driver);
	g_string_append(text, "} 1\n");
}

static void add_channel(const struct channel *channel, GString *text)
{
	guint64 values[CHANNEL_METRICS];
	struct device_info info;

	device_get_info(channel->device, &info);
	add_build_info(channel, &info, text);
	values[CHANNEL_READY] = info.state == DEVICE_READY;
	values[CHANNEL_RESETS] = info.resets;
	values[CHANNEL_HMCS] = channel->hmcs->len;
	values[CHANNEL_MTU] = info.mtu;
	values[CHANNEL_LOG_BYTES] = channel->memory.used;
	values[CHANNEL_LOG_LIMIT] = channel->memory.limit;
	values[CHANNEL_SEGMENTS] = channel->memory.segments;
	values[CHANNEL_DROPPED] = channel->memory.dropped;
	values[CHANNEL_FORCED] = channel->memory.rotations_forced;
	for (gsize i = 0; i < CHANNEL_METRICS; i++)
		metrics_add(&channel_metrics[i], values[i], text);
}

static void collect_counters(const struct hmc *hmc, guint64 *values)
{
	const struct hmc_counters *counters = &hmc->counters;

	values[HMC_SESSIONS] = counters->sessions;
	values[HMC_SESSIONS_LOST] = counters->sessions_lost;
	values[HMC_SENT] = counters->sent_messages;
	values[HMC_SENT_BYTES] = counters->sent_bytes;
	values[HMC_RECEIVED] = counters->received_messages;
	values[HMC_RECEIVED_BYTES] = counters->received_bytes;
	values[HMC_RECEIVED_EMPTY] = counters->received_empty;
	values[HMC_NOT_STORED] = counters->received_lost;
	values[HMC_UNSENT] = counters->unsent_messages;
	values[HMC_ROTATIONS] = hmc->log->rotations;
	values[HMC_OVERRUNS] = hmc->log->overruns;
}

static void collect_state(const struct hmc *hmc, guint64 *values)
{
	struct device_hmc_info info;

	device_get_hmc_info(hmc->config->device, hmc->index, &info);
	values[HMC_SESSION_READY] = hmc->state == HMC_READY && !info.unproven;
	values[HMC_QUEUE] = sendq_length(&hmc->sendq);
	values[HMC_QUEUE_BYTES] = hmc->sendq.bytes;
	values[HMC_QUEUE_LIMIT] = hmc->sendq.limit;
	values[HMC_STALLED] = hmc->stalled ? 1 : 0;
	values[HMC_BUFFERS] = info.buffers;
	values[HMC_BUFFERS_FREE] = info.buffers_free;
	values[HMC_READERS] = hmc->channels;
	values[HMC_WAITING_READERS] = hmc->waiting_readers;
	values[HMC_WAITING_WRITERS] = hmc->waiting_writers;
	values[HMC_SEGMENT_BYTES] = segment_size(hmc->log->current);
}

/* All samples of a metric follow its description. */
static void add_hmcs(const struct channel *channel, GString *text)
{
	guint count = channel->hmcs->len;
	g_autofree guint64 *values = g_new(guint64, count * HMC_METRICS);

	for (guint i = 0; i < count; i++) {
		collect_counters(channel_hmc(channel, i),
				 &values[i * HMC_METRICS]);
		collect_state(channel_hmc(channel, i),
			      &values[i * HMC_METRICS]);
	}
	for (gsize j = 0; j < HMC_METRICS; j++) {
		metrics_describe(&hmc_metrics[j], text);
		for (guint i = 0; i < count; i++)
			add_sample(&hmc_metrics[j], i,
				   values[i * HMC_METRICS + j], text);
	}
}

static void add_histograms(const struct channel *channel, GString *text)
{
	metrics_describe(&write_wait, text);
	for (guint i = 0; i < channel->hmcs->len; i++)
		histogram_print(&channel_hmc(channel, i)->write_wait,
				write_wait.name, i, text);
	metrics_describe(&round_trip, text);
	for (guint i = 0; i < channel->hmcs->len; i++)
		histogram_print(&channel_hmc(channel, i)->round_trip,
				round_trip.name, i, text);
}

void metrics_channel(const struct channel *channel, GString *text)
{
	add_channel(channel, text);
	add_hmcs(channel, text);
	add_histograms(channel, text);
}
