/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics: the counters and states of the channel and of its HMC indices in the
 * text format of Prometheus, and histograms of durations. It reads no clock, and
 * knows no file.
 */
#ifndef VMCFS_METRICS_H
#define VMCFS_METRICS_H

#include <glib.h>

struct channel;

#define HISTOGRAM_BOUNDS 19

/* Upper bounds of the buckets in microseconds, ascending. */
extern const gint64 histogram_bounds_us[HISTOGRAM_BOUNDS];

/**
 * struct histogram - durations since the daemon began
 * @counts: number of durations in each bucket; the last one has no bound
 * @sum_us: sum of all durations in microseconds
 */
struct histogram {
	guint64 counts[HISTOGRAM_BOUNDS + 1];
	guint64 sum_us;
};

/**
 * histogram_add() - count a duration
 * @histogram: histogram to add to
 * @us: microseconds; a negative duration counts as 0
 */
void histogram_add(struct histogram *histogram, gint64 us);

/**
 * histogram_add_none() - count an event that took no time
 * @histogram: histogram to add to
 */
static inline void histogram_add_none(struct histogram *histogram)
{
	histogram->counts[0]++;
}

/**
 * histogram_print() - append the samples of a histogram in the text format of
 * Prometheus
 * @histogram: histogram to print
 * @name: name of the metric, in seconds
 * @hmc: value of the label "hmc"
 * @text: string to append to
 */
void histogram_print(const struct histogram *histogram, const char *name,
		     guint hmc, GString *text);

enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_HISTOGRAM,
};

/**
 * struct metric - description of a metric
 * @name: name; that of a counter ends in "_total"
 * @type: enum metric_type
 * @help: one sentence, without characters that the format escapes
 */
struct metric {
	const char *name;
	enum metric_type type;
	const char *help;
};

/**
 * metrics_describe() - append the lines that precede the samples of a metric
 * @metric: its description
 * @text: string to append to
 */
void metrics_describe(const struct metric *metric, GString *text);

/**
 * metrics_add() - append a metric with one sample and no label
 * @metric: its description
 * @value: its value
 * @text: string to append to
 */
void metrics_add(const struct metric *metric, guint64 value, GString *text);

/**
 * metrics_channel() - append the metrics of the channel and of its HMC indices
 * @channel: channel of the daemon
 * @text: string to append to
 *
 * docs/metrics.md describes them. None is ever removed, and none changes by
 * itself: two texts without an event between them are equal.
 */
void metrics_channel(const struct channel *channel, GString *text);

#endif
