// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * INFO: checks the fields for the channel and for a file in each of its states.
 * Structures of other sizes are tested in abi-struct.c.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

#define PEER_VERSION 0x0101

static void check_file(const struct ibmvmc_ioc_info *info, unsigned int state,
		       unsigned int error)
{
	EXPECT_EQ(info->file_state, state);
	EXPECT_EQ(info->file_error, error);
	EXPECT_EQ(info->reserved, 0);
}

static void check_no_session(const struct ibmvmc_ioc_info *info)
{
	EXPECT_EQ(info->hmc_index, IBMVMC_INDEX_ANY);
	EXPECT_EQ(info->hmc_session, 0);
	EXPECT_EQ(info->buffers, 0);
	EXPECT_EQ(info->buffers_free, 0);
}

static void check_untouched(const struct ibmvmc_ioc_info *info)
{
	EXPECT_EQ(info->queued, 0);
	EXPECT_EQ(info->next_length, 0);
	EXPECT_EQ(info->sent_messages, 0);
	EXPECT_EQ(info->sent_bytes, 0);
	EXPECT_EQ(info->received_messages, 0);
	EXPECT_EQ(info->received_bytes, 0);
	EXPECT_EQ(info->lost_messages, 0);
}

static void channel(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);

	device_info(file, &info);
	EXPECT_EQ(info.abi_version, IBMVMC_ABI_VERSION);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_READY);
	EXPECT_EQ(info.hmcs, 4);
	EXPECT_EQ(info.pool, 32);
	EXPECT_EQ(info.mtu, 4096);
	EXPECT_EQ(info.peer_version, PEER_VERSION);
}

static void new_file(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);

	device_info(file, &info);
	check_file(&info, IBMVMC_FILE_NEW, 0);
	check_no_session(&info);
	check_untouched(&info);
}

/* INFO on one file in each of its states, in order. */
static void states(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open_nonblock(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	knobs_reset(&test->knobs, "partner-failed");
	device_await_state(test, IBMVMC_CHANNEL_INITIALIZING);
	EXPECT_ERROR(device_ask_open(file, 2, 30000), EINPROGRESS);
	device_info(file, &info);
	check_file(&info, IBMVMC_FILE_WAITING, 0);
	check_no_session(&info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_INITIALIZING);
	EXPECT_EQ(info.hmcs, 0);
	EXPECT_EQ(info.pool, 0);
	EXPECT_EQ(info.mtu, 0);
	EXPECT_EQ(info.peer_version, 0);

	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT(session_await(file, POLLOUT) & POLLOUT);
	device_info(file, &info);
	check_file(&info, IBMVMC_FILE_READY, 0);
	EXPECT_EQ(info.hmc_index, 2);
	EXPECT(info.hmc_session > 0 && info.hmc_session < 256);
	EXPECT_EQ(info.buffers, info.pool);
	EXPECT_EQ(info.buffers_free, info.pool / 2);
	check_untouched(&info);

	knobs_reset(&test->knobs, "partner-failed");
	EXPECT(session_await(file, 0) & POLLERR);
	device_info(file, &info);
	check_file(&info, IBMVMC_FILE_DEAD, ECONNRESET);
	EXPECT_EQ(info.buffers, 0);
	EXPECT_EQ(info.buffers_free, 0);
}

static void opening(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open_nonblock(test);

	knobs_delay(&test->knobs, 2000);
	EXPECT_ERROR(device_ask_open(file, 1, 30000), EINPROGRESS);
	do {
		device_info(file, &info);
		device_pause();
	} while (info.file_state == IBMVMC_FILE_WAITING);
	check_file(&info, IBMVMC_FILE_OPENING, 0);
	EXPECT_EQ(info.hmc_index, 1);
	EXPECT(info.hmc_session > 0 && info.hmc_session < 256);
	knobs_delay(&test->knobs, 0);
	EXPECT(session_await(file, POLLOUT) & POLLOUT);
}

static void count(int file)
{
	struct ibmvmc_ioc_info info;
	char buffer[4096];

	device_info(file, &info);
	check_untouched(&info);
	session_send_pattern(file, 100, 1);
	session_send_pattern(file, 30, 2);
	EXPECT_EQ(MUST(write(file, buffer, 0)), 0);
	session_await_queued(file, 2);
	device_info(file, &info);
	EXPECT_EQ(info.sent_messages, 2);
	EXPECT_EQ(info.sent_bytes, 130);
	EXPECT_EQ(info.received_messages, 0);
	EXPECT_EQ(info.next_length, 100);
	EXPECT_EQ(info.buffers_free, info.pool / 2 - 2);
	session_receive_pattern(file, 100, 1);
	device_info(file, &info);
	EXPECT_EQ(info.queued, 1);
	EXPECT_EQ(info.next_length, 30);
	EXPECT_EQ(info.received_messages, 1);
	EXPECT_EQ(info.received_bytes, 100);
	EXPECT_EQ(info.buffers_free, info.pool / 2 - 1);
}

static void counters(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	count(file);
	session_receive_pattern(file, 30, 2);
	device_info(file, &info);
	EXPECT_EQ(info.queued, 0);
	EXPECT_EQ(info.next_length, 0);
	EXPECT_EQ(info.received_messages, 2);
	EXPECT_EQ(info.received_bytes, 130);
	EXPECT_EQ(info.lost_messages, 0);
}

/* The counters include the bytes that a short read discards. */
static void counters_old(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char buffer[10];
	int file = device_open(test);

	session_ask_old(file);
	EXPECT(session_await(file, POLLOUT) & POLLOUT);
	count(file);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), sizeof(buffer));
	device_info(file, &info);
	EXPECT_EQ(info.received_messages, 2);
	EXPECT_EQ(info.received_bytes, 130);
}

/* Failed calls change no counter. */
static void counters_failures(const struct abi_test *test)
{
	static char data[8192];
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	device_set_nonblock(file, true);
	EXPECT_ERROR(write(file, data, 4097), EMSGSIZE);
	EXPECT_ERROR(write(file, memory_forbidden(), 10), EFAULT);
	EXPECT_ERROR(read(file, data, sizeof(data)), EAGAIN);
	device_info(file, &info);
	check_untouched(&info);
	EXPECT_EQ(info.buffers_free, info.pool / 2);
	session_send_pattern(file, 100, 1);
	session_await_queued(file, 1);
	EXPECT_ERROR(read(file, memory_forbidden(), 4096), EFAULT);
	EXPECT_ERROR(read(file, data, 10), EMSGSIZE);
	device_info(file, &info);
	EXPECT_EQ(info.queued, 1);
	EXPECT_EQ(info.next_length, 100);
	EXPECT_EQ(info.received_messages, 0);
	EXPECT_EQ(info.received_bytes, 0);
	EXPECT_EQ(info.lost_messages, 0);
}

static void drc_index(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	unsigned int drc = 0;
	int file = device_open(test);

	MUST(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc));
	device_info(file, &info);
	EXPECT_EQ(info.drc_index, drc);
}

const struct abi_case abi_info_cases[] = {
	CASE("abi.info.channel",
	     "INFO returns the version and the limits of the channel", channel),
	CASE("abi.info.new", "a file without a session is new", new_file),
	CASE("abi.info.states",
	     "INFO returns waiting, ready and dead, and the limits in each state",
	     states, .needs = KNOB_BIT(KNOB_STALL) | KNOB_BIT(KNOB_RESET)),
	CASE("abi.info.opening", "INFO reports a session that is being opened",
	     opening, .needs = KNOB_BIT(KNOB_DELAY)),
	CASE("abi.info.counters", "INFO counts messages, bytes and buffers",
	     counters),
	CASE("abi.info.counters.old",
	     "INFO counts the bytes that a short read lost", counters_old),
	CASE("abi.info.counters.failures", "INFO does not count failed calls",
	     counters_failures),
	CASE("abi.info.drc-index", "INFO returns the DRC index of REQUESTVMC",
	     drc_index),
	{ 0 }
};
