// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histogram: tests the bucket of each duration, and the text.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "channel/metrics.h"

static struct histogram histogram;

static guint64 total(void)
{
	guint64 count = 0;

	for (gsize i = 0; i <= HISTOGRAM_BOUNDS; i++)
		count += histogram.counts[i];
	return count;
}

Test(histogram, the_bounds_ascend)
{
	for (gsize i = 1; i < HISTOGRAM_BOUNDS; i++)
		cr_expect_lt(histogram_bounds_us[i - 1],
			     histogram_bounds_us[i]);
}

Test(histogram, a_bound_belongs_to_its_bucket)
{
	for (gsize i = 0; i < HISTOGRAM_BOUNDS; i++) {
		histogram_add(&histogram, histogram_bounds_us[i]);
		cr_expect_eq(histogram.counts[i], 1);
		histogram_add(&histogram, histogram_bounds_us[i] + 1);
		cr_expect_eq(histogram.counts[i + 1], 1);
		histogram.counts[i + 1] = 0;
	}
}

Test(histogram, durations_out_of_range_are_counted)
{
	histogram_add(&histogram, G_MININT64);
	histogram_add(&histogram, -1);
	histogram_add(&histogram, 0);
	histogram_add_none(&histogram);
	cr_expect_eq(histogram.counts[0], 4);
	cr_expect_eq(histogram.sum_us, 0);
	histogram_add(&histogram, G_MAXINT64);
	cr_expect_eq(histogram.counts[HISTOGRAM_BOUNDS], 1);
	cr_expect_eq(total(), 5);
}

Test(histogram, buckets_are_cumulative_and_in_seconds)
{
	g_autoptr(GString) text = g_string_new(NULL);

	histogram_add(&histogram, 10);
	histogram_add(&histogram, 1000000);
	histogram_add(&histogram, 11000001);
	histogram_print(&histogram, "x_seconds", 7, text);
	cr_expect(g_str_has_prefix(
		text->str, "x_seconds_bucket{hmc=\"7\",le=\"0.00001\"} 1\n"));
	cr_expect_not_null(strstr(
		text->str, "\nx_seconds_bucket{hmc=\"7\",le=\"1\"} 2\n"));
	cr_expect_not_null(strstr(
		text->str, "\nx_seconds_bucket{hmc=\"7\",le=\"10\"} 2\n"));
	cr_expect(g_str_has_suffix(text->str,
				   "{hmc=\"7\",le=\"+Inf\"} 3\n"
				   "x_seconds_sum{hmc=\"7\"} 12.000011\n"
				   "x_seconds_count{hmc=\"7\"} 3\n"));
}
