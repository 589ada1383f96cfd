// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * write(2) on a session by OPEN: expects it to wait for a buffer, and a
 * separate errno for each cause of a failure. Sessions by SETHMCID are tested
 * in compat-write.c.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

/* More than the number of buffers of one HMC index. */
#define OFTEN 200

static void too_long(const struct abi_test *test)
{
	static char data[1 << 20];
	unsigned int mtu = device_mtu(test);
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i;

	for (i = 0; i < OFTEN; i++)
		EXPECT_ERROR(write(file, data, mtu + 1), EMSGSIZE);
	EXPECT_ERROR(write(file, data, 16385), EMSGSIZE);
	EXPECT_ERROR(write(file, data, sizeof(data)), EMSGSIZE);
	session_echo(file, mtu, 1);
}

static void nothing(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i;

	for (i = 0; i < OFTEN; i++)
		EXPECT_EQ(MUST(write(file, "", 0)), 0);
	device_info(file, &info);
	EXPECT_EQ(info.sent_messages, 0);
	EXPECT_EQ(info.buffers_free, info.pool / 2);
	session_echo(file, 20, 1);
}

static void nonblock(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count = session_fill(file);

	device_set_nonblock(file, true);
	EXPECT_ERROR(write(file, "x", 1), EAGAIN);
	session_drain(file, 0, 1);
	session_send(file, "again", 5);
	EXPECT_ERROR(write(file, "x", 1), EAGAIN);
	session_drain(file, 1, count);
	session_receive(file, "again", 5);
}

static void blocks(const struct abi_test *test)
{
	struct caller writer;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count = session_fill(file);

	caller_init(&writer, NULL);
	caller_write(&writer, file, "patient", 7);
	caller_await_blocked(&writer);
	session_drain(file, 0, 1);
	EXPECT_EQ(MUST(caller_join(&writer)), 7);
	session_drain(file, 1, count);
	session_receive(file, "patient", 7);
}

/* write sends the memory as it was at the time of the call. */
static void blocks_opening(const struct abi_test *test)
{
	struct caller writer;
	char data[20];
	int file = device_open_nonblock(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 60000),
		     EINPROGRESS);
	device_set_nonblock(file, false);
	session_pattern(data, sizeof(data), 1);
	caller_init(&writer, NULL);
	caller_write(&writer, file, data, sizeof(data));
	caller_await_blocked(&writer);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT_EQ(MUST(caller_join(&writer)), sizeof(data));
	session_receive(file, data, sizeof(data));
}

static void interrupted(const struct abi_test *test)
{
	struct caller writer;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count = session_fill(file);

	caller_catch(0);
	caller_init(&writer, NULL);
	caller_write(&writer, file, "never", 5);
	caller_await_blocked(&writer);
	caller_signal(&writer);
	EXPECT_ERROR(caller_join(&writer), EINTR);
	session_drain(file, 0, count);
	session_echo(file, 20, 1);
}

static void restarted(const struct abi_test *test)
{
	struct caller writer;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count = session_fill(file);
	int i;

	caller_catch(SA_RESTART);
	caller_init(&writer, NULL);
	caller_write(&writer, file, "once", 4);
	for (i = 0; i < 3; i++) {
		caller_await_blocked(&writer);
		caller_signal(&writer);
	}
	caller_await_blocked(&writer);
	session_drain(file, 0, count);
	EXPECT_EQ(MUST(caller_join(&writer)), 4);
	session_receive(file, "once", 4);
	session_echo(file, 20, 1);
}

static void bad_pointer(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i;

	for (i = 0; i < OFTEN; i++) {
		EXPECT_ERROR(write(file, memory_forbidden(), 10), EFAULT);
		EXPECT_ERROR(write(file, memory_before_forbidden(9), 10),
			     EFAULT);
		EXPECT_ERROR(write(file, memory_before_forbidden(4095), 4096),
			     EFAULT);
	}
	device_info(file, &info);
	EXPECT_EQ(info.sent_messages, 0);
	EXPECT_EQ(info.buffers_free, info.pool / 2);
	session_echo(file, 20, 1);
}

static void dead(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);

	device_reset(test, "terminated");
	EXPECT_ERROR(write(file, "x", 1), ECONNRESET);
	EXPECT_ERROR(write(file, "x", 1), ECONNRESET);
	device_set_nonblock(file, true);
	EXPECT_ERROR(write(file, "x", 1), ECONNRESET);
}

/* A writer that waits for a buffer blocks no reader, in any thread. */
static void both_ways(const struct abi_test *test)
{
	struct caller writer, reader;
	char buffer[64];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	session_fill(file);
	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	caller_init(&writer, NULL);
	caller_write(&writer, file, "x", 1);
	caller_await_blocked(&writer);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT_EQ(MUST(caller_join(&reader)), SESSION_FILL_LEN);
	EXPECT_EQ(MUST(caller_join(&writer)), 1);
}

const struct abi_case abi_write_cases[] = {
	CASE("abi.write.emsgsize",
	     "write above the MTU is EMSGSIZE and costs no buffer", too_long),
	CASE("abi.write.nothing", "write of no bytes sends nothing", nothing),
	CASE("abi.write.nonblock",
	     "O_NONBLOCK: write without a free buffer is EAGAIN", nonblock),
	CASE("abi.write.blocks", "write waits for a free buffer", blocks),
	CASE("abi.write.blocks.opening",
	     "write waits until the session is open", blocks_opening,
	     .needs = KNOB_BIT(KNOB_STALL)),
	CASE("abi.write.signal",
	     "a waiting write ends with EINTR at a signal and sends nothing",
	     interrupted),
	CASE("abi.write.restart",
	     "with SA_RESTART a waiting write continues and sends once",
	     restarted),
	CASE("abi.write.bad-pointer",
	     "write from a bad pointer is EFAULT, sends nothing and costs no buffer",
	     bad_pointer),
	CASE("abi.write.dead", "write on a dead session returns the reason",
	     dead, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.write.reader",
	     "a reader and a writer of one file do not block each other",
	     both_ways, .needs = KNOB_BIT(KNOB_STALL)),
	{ 0 }
};
