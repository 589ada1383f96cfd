// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flood: sends many messages and compares the counters of both sides. Growth of
 * memory is measured in abi-cycles.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "session.h"

#define MANY 2000

static void flood(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char buffer[4096];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int index = session_index(test, file);
	unsigned int i;

	knobs_flood(&test->knobs, index, MANY, 100);
	for (i = 1; i <= MANY; i++) {
		EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 100);
		EXPECT_EQ(strtoul(buffer, NULL, 10), i);
		EXPECT_EQ(buffer[99], '\n');
	}
	EXPECT_EQ(knobs_stat(&test->knobs, "flood_left"), 0);
	device_info(file, &info);
	EXPECT_EQ(info.received_messages, MANY);
	EXPECT_EQ(info.received_bytes, MANY * 100);
	EXPECT_EQ(info.lost_messages, 0);
	session_echo(file, 20, 1);
}

/* No reader: no message is lost, and the session can still be closed. */
static void unread(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char buffer[4096];
	int file = session_new(test, 0);
	int other = session_new(test, 1);
	unsigned int i;

	knobs_flood(&test->knobs, 0, MANY, 4096);
	session_await(file, POLLIN);
	session_echo(other, 20, 1);
	for (i = 1; i <= 100; i++) {
		EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 4096);
		EXPECT_EQ(strtoul(buffer, NULL, 10), i);
	}
	device_info(file, &info);
	EXPECT_EQ(info.lost_messages, 0);
	MUST(close(file));
	session_echo(other, 20, 2);
}

/* Round trips succeed in the middle of a flood. */
static void both_ways(const struct abi_test *test)
{
	char buffer[4096];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int index = session_index(test, file);
	unsigned int floods = 0, echoes = 0, sent = 0;

	knobs_flood(&test->knobs, index, MANY, 64);
	while (floods < MANY || echoes < sent || sent < 100) {
		device_set_nonblock(file, true);
		if (sent < 100 && write(file, "mine", 4) == 4)
			sent++;
		device_set_nonblock(file, false);
		if (floods == MANY && echoes == sent)
			continue;
		if (MUST(read(file, buffer, sizeof(buffer))) == 4) {
			EXPECT(!memcmp(buffer, "mine", 4));
			echoes++;
			continue;
		}
		floods++;
		EXPECT_EQ(strtoul(buffer, NULL, 10), floods);
	}
	EXPECT_EQ(echoes, 100);
}

/* Uses every buffer, repeatedly: each one is returned. */
static void full_rounds(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count, first = 0, i;

	for (i = 0; i < 100; i++) {
		count = session_fill(file);
		if (!first)
			first = count;
		EXPECT_EQ(count, first);
		session_drain(file, 0, count);
	}
	device_info(file, &info);
	EXPECT_EQ(info.sent_messages, 100 * first);
	EXPECT_EQ(info.received_messages, 100 * first);
	EXPECT_EQ(info.buffers, info.pool);
}

const struct abi_case abi_flood_cases[] = {
	CASE("abi.flood", "two thousand messages arrive in order", flood,
	     .needs = KNOB_BIT(KNOB_FLOOD) | KNOB_BIT(KNOB_STATS)),
	CASE("abi.flood.unread",
	     "an unread flood does not affect other sessions", unread,
	     .needs = KNOB_BIT(KNOB_FLOOD)),
	CASE("abi.flood.both-ways", "write succeeds during a flood", both_ways,
	     .needs = KNOB_BIT(KNOB_FLOOD)),
	CASE("abi.flood.rounds",
	     "all buffers pass to the hypervisor and back a hundred times",
	     full_rounds),
	{ 0 }
};
