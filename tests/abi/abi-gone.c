// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Removal: removes the device while files are open and adds it again. Resets of
 * the channel are tested in abi-reset.c, unloaded modules in abi-modules.c.
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "broken.h"
#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

static void live(const struct abi_test *test, bool on)
{
	knobs_switch(&test->knobs, KNOB_LIVE, on);
}

static void blocked(const struct abi_test *test)
{
	struct broken broken;
	int file;

	broken_prepare(&broken, test);
	live(test, false);
	broken_check(&broken, ENODEV);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	live(test, true);
	device_await_ready(test);
	file = session_new(test, 0);
	session_echo(file, 20, 1);
}

/* Results of each call while there is no device. */
static void calls(const struct abi_test *test)
{
	struct ibmvmc_query query;
	struct ibmvmc_ioc_info info;
	unsigned int drc = 0;
	int file = device_open(test);
	int new;

	live(test, false);
	new = device_open(test);
	device_query(new, &query);
	EXPECT_EQ(query.have_vmc, 0);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_NONE);
	device_info(new, &info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_NONE);
	EXPECT_EQ(info.last_reset, IBMVMC_RESET_REMOVED);
	EXPECT_EQ(info.hmcs, 0);
	EXPECT_EQ(info.pool, 0);
	EXPECT_EQ(info.mtu, 0);
	EXPECT_EQ(info.peer_version, 0);
	EXPECT_ERROR(device_sethmcid(new), EAGAIN);
	EXPECT_ERROR(device_ask_open(new, IBMVMC_INDEX_ANY, 100), ENODEV);
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI);
	/* This call is the one that creates a device. */
	MUST(ioctl(device_open(test), IBMVMC_IOC_REQUESTVMC, &drc));
	EXPECT(drc != 0);

	live(test, true);
	session_ask_old(file);
	session_await_old(file);
}

static void news(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	struct caller poller;
	int file = device_open(test);

	caller_init(&poller, NULL);
	caller_poll(&poller, file, POLLPRI);
	caller_await_blocked(&poller);
	live(test, false);
	EXPECT_EQ(MUST(caller_join(&poller)), POLLPRI);
	device_info(file, &info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_NONE);
	caller_poll(&poller, file, POLLPRI);
	caller_await_blocked(&poller);
	live(test, true);
	EXPECT_EQ(MUST(caller_join(&poller)), POLLPRI);
	device_await_ready(test);
	device_info(file, &info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_READY);
	EXPECT_EQ(info.hmcs, 4);
}

/* Messages received earlier can be read; then ENODEV, or EBADFD (SETHMCID). */
static void messages(const struct abi_test *test)
{
	char buffer[64];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int old = session_old(test);

	session_send_pattern(file, 50, 1);
	session_await_queued(file, 1);
	session_send_pattern(old, 60, 2);
	session_await_queued(old, 1);
	live(test, false);
	session_receive_pattern(file, 50, 1);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), ENODEV);
	EXPECT_ERROR(write(file, "x", 1), ENODEV);
	session_receive_pattern(old, 60, 2);
	EXPECT_ERROR(read(old, buffer, sizeof(buffer)), EBADFD);
	EXPECT_ERROR(write(old, "x", 1), EIO);
	live(test, true);
	device_await_ready(test);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), ENODEV);
	EXPECT_ERROR(read(old, buffer, sizeof(buffer)), EBADFD);
}

/* Each device leaves one session open, which is closed under a later device. */
static void often(const struct abi_test *test)
{
	int files[20];
	int i;

	for (i = 0; i < 20; i++) {
		files[i] = session_new(test, i % 4);
		session_send_pattern(files[i], 20, i);
		live(test, false);
		if (i % 2)
			MUST(close(files[i - 1]));
		live(test, true);
		device_await_ready(test);
	}
	for (i = 0; i < 20; i += 2)
		close(files[i]);
}

/* The device is removed while the channel is brought up or reset. */
static void half_way(const struct abi_test *test)
{
	int i;

	for (i = 0; i < 10; i++) {
		knobs_switch(&test->knobs, KNOB_STALL, true);
		knobs_reset(&test->knobs, i % 2 ? "migrated" : "terminated");
		live(test, false);
		knobs_switch(&test->knobs, KNOB_STALL, false);
		live(test, true);
	}
	device_await_ready(test);
	session_echo(session_new(test, IBMVMC_INDEX_ANY), 20, 1);
}

#define LIVE KNOB_BIT(KNOB_LIVE)

const struct abi_case abi_gone_cases[] = {
	CASE("abi.gone.blocked", "the removal of the device ends all waits",
	     blocked, .needs = LIVE | BROKEN_NEEDS),
	CASE("abi.gone.calls",
	     "each call returns its documented error without a device", calls,
	     .needs = LIVE),
	CASE("abi.gone.pri",
	     "POLLPRI reports the removal and the addition of the device", news,
	     .needs = LIVE),
	CASE("abi.gone.messages",
	     "queued messages can be read after the removal", messages,
	     .needs = LIVE),
	CASE("abi.gone.often",
	     "open files survive repeated removals of the device", often,
	     .needs = LIVE),
	CASE("abi.gone.half-way",
	     "the device can be removed during any operation", half_way,
	     .needs = LIVE | KNOB_BIT(KNOB_STALL) | KNOB_BIT(KNOB_RESET)),
	{ 0 }
};
