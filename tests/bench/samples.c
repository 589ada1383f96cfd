// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Samples: keeps durations of operations in a ring that is present before the
 * first one, and finds percentiles. It measures nothing.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

void samples_init(struct samples *samples)
{
	*samples = (struct samples){
		.ns = present(SAMPLES_MAX * sizeof(*samples->ns)),
	};
}

void samples_add(struct samples *samples, uint64_t ns)
{
	samples->ns[samples->count++ % SAMPLES_MAX] = ns;
	if (samples->kept < SAMPLES_MAX)
		samples->kept++;
}

void samples_merge(struct samples *samples, const struct samples *other)
{
	size_t kept = samples->kept + other->kept;
	uint64_t *both = realloc(samples->ns, kept * sizeof(*both));

	require(!both, "realloc");
	memcpy(both + samples->kept, other->ns, other->kept * sizeof(*both));
	samples->ns = both;
	samples->kept = kept;
	samples->count += other->count;
	samples->bytes += other->bytes;
}

static int compare(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return (a > b) - (a < b);
}

void samples_sort(struct samples *samples)
{
	qsort(samples->ns, samples->kept, sizeof(*samples->ns), compare);
}

uint64_t samples_percentile(const struct samples *samples, double part)
{
	size_t at = (size_t)(part * (double)samples->kept);

	if (!samples->kept)
		return 0;
	return samples->ns[at < samples->kept ? at : samples->kept - 1];
}
