// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histogram: counts durations, and prints them with cumulative buckets, as
 * Prometheus expects. It does not know what takes the time.
 */
#include "metrics.h"

/*
 * From the time of a request on one processor to beyond open_timeout= and
 * send_timeout=.
 */
const gint64 histogram_bounds_us[HISTOGRAM_BOUNDS] = {
	10,	25,	 50,	  100,	   250,	     500,    1000,
	2500,	5000,	 10000,	  25000,   50000,    100000, 250000,
	500000, 1000000, 2500000, 5000000, 10000000,
};

void histogram_add(struct histogram *histogram, gint64 us)
{
	gsize i = 0;

	while (i < HISTOGRAM_BOUNDS && us > histogram_bounds_us[i])
		i++;
	histogram->counts[i]++;
	histogram->sum_us += (guint64)MAX(us, 0);
}

/* Seconds with all digits of the microseconds, in every locale. */
static void add_seconds(GString *text, guint64 us)
{
	g_string_append_printf(text,
			       "%" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT,
			       us / G_USEC_PER_SEC, us % G_USEC_PER_SEC);
}

/* Bounds have the shortest form, which is the same in all versions. */
static void add_bound(GString *text, gint64 us)
{
	add_seconds(text, (guint64)us);
	while (text->str[text->len - 1] == '0')
		g_string_truncate(text, text->len - 1);
	if (text->str[text->len - 1] == '.')
		g_string_truncate(text, text->len - 1);
}

static void add_bucket(GString *text, const char *name, guint hmc, gsize bucket,
		       guint64 count)
{
	g_string_append_printf(text, "%s_bucket{hmc=\"%u\",le=\"", name, hmc);
	if (bucket < HISTOGRAM_BOUNDS)
		add_bound(text, histogram_bounds_us[bucket]);
	else
		g_string_append(text, "+Inf");
	g_string_append_printf(text, "\"} %" G_GUINT64_FORMAT "\n", count);
}

void histogram_print(const struct histogram *histogram, const char *name,
		     guint hmc, GString *text)
{
	guint64 count = 0;

	for (gsize i = 0; i <= HISTOGRAM_BOUNDS; i++) {
		count += histogram->counts[i];
		add_bucket(text, name, hmc, i, count);
	}
	g_string_append_printf(text, "%s_sum{hmc=\"%u\"} ", name, hmc);
	add_seconds(text, histogram->sum_us);
	g_string_append_printf(text,
			       "\n%s_count{hmc=\"%u\"} %" G_GUINT64_FORMAT "\n",
			       name, hmc, count);
}
