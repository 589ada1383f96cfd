// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stale file: uses the file of an ended session beside the next session on the
 * same HMC index and expects neither to affect the other. The end itself is
 * tested in abi-reset.c.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "session.h"

static void end_by_reset(const struct abi_test *test)
{
	device_reset(test, "deregistered");
}

static void end_by_removal(const struct abi_test *test)
{
	knobs_switch(&test->knobs, KNOB_LIVE, false);
	knobs_switch(&test->knobs, KNOB_LIVE, true);
	device_await_ready(test);
}

static void check(const struct abi_test *test,
		  void (*end)(const struct abi_test *test), int error)
{
	struct ibmvmc_ioc_info info;
	char buffer[64];
	int old = session_new(test, 1);
	int file;

	session_send_pattern(old, 40, 1);
	session_await_queued(old, 1);
	end(test);
	file = session_new(test, 1);
	session_send_pattern(file, 50, 2);
	session_send_pattern(file, 60, 3);
	session_await_queued(file, 2);

	device_info(old, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_DEAD);
	EXPECT_EQ(info.queued, 1);
	EXPECT_EQ(info.buffers, 0);
	session_receive_pattern(old, 40, 1);
	EXPECT_ERROR(read(old, buffer, sizeof(buffer)), error);
	EXPECT_ERROR(write(old, "x", 1), error);
	EXPECT_EQ(session_events(old, POLLIN | POLLOUT), POLLERR | POLLHUP);
	EXPECT_ERROR(device_ask_open(old, 1, 0), EISCONN);
	MUST(close(old));

	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_READY);
	EXPECT_EQ(info.queued, 2);
	EXPECT_EQ(info.sent_messages, 2);
	session_receive_pattern(file, 50, 2);
	session_receive_pattern(file, 60, 3);
	session_echo(file, 20, 4);
}

static void after_reset(const struct abi_test *test)
{
	check(test, end_by_reset, ECONNRESET);
}

static void after_removal(const struct abi_test *test)
{
	check(test, end_by_removal, ENODEV);
}

/* The old file, with unread messages, is closed during the next session. */
static void closed_late(const struct abi_test *test)
{
	int old = session_new(test, 1);
	int file;

	session_fill(old);
	end_by_reset(test);
	file = session_new(test, 1);
	session_send_pattern(file, 50, 1);
	MUST(close(old));
	session_receive_pattern(file, 50, 1);
	session_echo(file, 20, 2);
}

/* A refused or unanswered opening is as stale as an ended session. */
static void after_failure(const struct abi_test *test)
{
	int refused = device_open(test);
	int silent = device_open(test);
	int file;

	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	EXPECT_ERROR(device_ask_open(refused, 1, 0), ECONNREFUSED);
	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, false);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(silent, 1, 100), ETIMEDOUT);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	file = session_new(test, 1);
	MUST(close(refused));
	MUST(close(silent));
	session_echo(file, 20, 1);
}

const struct abi_case abi_stale_cases[] = {
	CASE("abi.stale.reset",
	     "a file from before a reset does not affect the next session",
	     after_reset, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.stale.removal",
	     "a file from before a removal does not affect the next session",
	     after_removal, .needs = KNOB_BIT(KNOB_LIVE)),
	CASE("abi.stale.close",
	     "the late close of an old file does not affect the next session",
	     closed_late, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.stale.failure",
	     "a file with a failed OPEN does not affect the next session",
	     after_failure,
	     .needs = KNOB_BIT(KNOB_STALL) | KNOB_BIT(KNOB_REFUSE_OPEN)),
	{ 0 }
};
