// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Settling: restores the initial state after a case and demands that nothing
 * was lost. The verdict on the case is made in frame.c.
 */
#include "settle.h"

#include <string.h>
#include <unistd.h>

#include "device.h"
#include "expect.h"

/* A driver without INFO and OPEN reports nothing but its state. */
static void check_indices(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int files[256];
	unsigned int hmcs, i;

	hmcs = device_hmcs(test);
	for (i = 0; i < hmcs; i++) {
		files[i] = device_open(test);
		MUST(device_ask_open(files[i], i, 0));
	}
	for (i = 0; i < hmcs; i++) {
		device_info(files[i], &info);
		EXPECT_EQ(info.hmc_index, i);
		EXPECT(info.buffers > 1 && info.buffers <= info.pool);
		EXPECT(info.buffers_free > 0);
		EXPECT_EQ(info.queued, 0);
		if (!knobs_missing(&test->knobs, KNOB_BIT(KNOB_STATS)))
			EXPECT_EQ(info.buffers, info.pool);
		close(files[i]);
	}
}

/*
 * A case that begins with a stall needs free indices, not ones whose Close has
 * no response yet. Only the table reports that.
 */
static void await_closed(const struct abi_test *test)
{
	char table[16384];

	for (;;) {
		knobs_read(&test->knobs, KNOB_DRIVER_SESSIONS, table,
			   sizeof(table));
		if (!strstr(table, " closing "))
			break;
		device_pause();
	}
}

void settle(const struct abi_test *test)
{
	knobs_restore(&test->knobs);
	device_await_ready(test);
	if (device_has_info(test))
		check_indices(test);
	if (!knobs_missing(&test->knobs, KNOB_BIT(KNOB_DRIVER_SESSIONS)))
		await_closed(test);
	if (!knobs_missing(&test->knobs, KNOB_BIT(KNOB_STATS)))
		EXPECT_EQ(knobs_stat(&test->knobs, "violations"), 0);
}

void settle_anew(const struct abi_test *test)
{
	knobs_restore(&test->knobs);
	if (!knobs_missing(&test->knobs, KNOB_BIT(KNOB_LIVE))) {
		knobs_switch(&test->knobs, KNOB_LIVE, false);
		knobs_switch(&test->knobs, KNOB_LIVE, true);
	}
	device_await_ready(test);
}
