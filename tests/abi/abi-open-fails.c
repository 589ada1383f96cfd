// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failing OPEN: provokes each errno that does not depend on the structure and
 * checks the state of the file afterwards. Resets are tested in abi-reset.c,
 * structures in abi-struct.c.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

/* The file is dead, with this error as its cause. */
static void check_dead(int file, int error)
{
	struct ibmvmc_ioc_info info;
	char buffer[16];

	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_DEAD);
	EXPECT_EQ(info.file_error, error);
	EXPECT_EQ(session_events(file, POLLIN | POLLOUT), POLLERR | POLLHUP);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), error);
	EXPECT_ERROR(write(file, "x", 1), error);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EISCONN);
	EXPECT_ERROR(device_sethmcid(file), EIO);
}

/* The failed OPEN left the file unchanged. */
static void check_new(int file)
{
	struct ibmvmc_ioc_info info;

	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_NEW);
	EXPECT_EQ(info.file_error, 0);
	EXPECT_EQ(session_events(file, POLLIN | POLLOUT), POLLERR);
}

static void open_twice(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);

	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EISCONN);
	EXPECT_ERROR(device_ask_open(file, 0, 0), EISCONN);
	EXPECT_ERROR(device_sethmcid(file), EIO);
	session_echo(file, 20, 1);
}

static void open_old(const struct abi_test *test)
{
	int file = device_open(test);

	session_ask_old(file);
	session_await_old(file);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EISCONN);
	session_echo(file, 20, 1);
	/* The session by SETHMCID still works. */
	EXPECT_ERROR(write(file, (char[5000]){ 0 }, 5000), EIO);
}

static void already(const struct abi_test *test)
{
	struct caller opener;
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	caller_init(&opener, NULL);
	caller_open(&opener, file, IBMVMC_INDEX_ANY, 60000);
	caller_await_blocked(&opener);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EALREADY);
	device_set_nonblock(file, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EALREADY);
	EXPECT_ERROR(device_sethmcid(file), EIO);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	MUST(caller_join(&opener));
	session_echo(file, 20, 1);
}

static void in_use(const struct abi_test *test)
{
	int file = session_new(test, 2);
	int other = device_open(test);

	EXPECT_ERROR(device_ask_open(other, 2, 60000), EBUSY);
	check_new(other);
	MUST(close(file));
	MUST(device_ask_open(other, 2, 0));
	session_echo(other, 20, 1);
}

static void all_in_use(const struct abi_test *test)
{
	int hmcs = device_hmcs(test);
	int file = device_open(test);
	int files[256];
	int i;

	for (i = 0; i < hmcs; i++)
		files[i] = session_new(test, IBMVMC_INDEX_ANY);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 60000), EBUSY);
	check_new(file);
	device_set_nonblock(file, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 60000), EBUSY);
	check_new(file);
	for (i = 0; i < hmcs; i++)
		session_echo(files[i], 20, i);
}

static void no_answer(const struct abi_test *test)
{
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 200), ETIMEDOUT);
	check_dead(file, ETIMEDOUT);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	check_dead(file, ETIMEDOUT);
}

static void no_answer_nonblock(const struct abi_test *test)
{
	int file = device_open_nonblock(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 200), EINPROGRESS);
	EXPECT_EQ(session_await(file, POLLIN | POLLOUT), POLLERR | POLLHUP);
	check_dead(file, ETIMEDOUT);
}

static void refused(const struct abi_test *test)
{
	int file = device_open(test);
	int other = device_open_nonblock(test);

	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	EXPECT_ERROR(device_ask_open(file, 0, 0), ECONNREFUSED);
	check_dead(file, ECONNREFUSED);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(other, 1, 0), EINPROGRESS);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT_EQ(session_await(other, POLLIN | POLLOUT), POLLERR | POLLHUP);
	check_dead(other, ECONNREFUSED);
	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, false);
	session_echo(session_new(test, 0), 20, 1);
}

static void not_ready(const struct abi_test *test)
{
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	knobs_reset(&test->knobs, "partner-failed");
	device_await_state(test, IBMVMC_CHANNEL_INITIALIZING);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 100), ENODEV);
	check_dead(file, ENODEV);
}

static void no_channel(const struct abi_test *test)
{
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_LIVE, false);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 100), ENODEV);
	check_new(file);
	knobs_switch(&test->knobs, KNOB_LIVE, true);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	session_echo(file, 20, 1);
}

/*
 * A stalled hypervisor does not answer the Close; when its timeout expires, the
 * index becomes free, but has no buffer. All other indices are in use.
 */
static void no_buffer(const struct abi_test *test)
{
	int hmcs = device_hmcs(test);
	int file, old, i;

	for (i = 1; i < hmcs; i++)
		session_new(test, i);
	file = session_new(test, 0);
	old = device_open(test);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	MUST(close(file));
	while (device_sethmcid(old) && errno == EBUSY)
		device_pause();
	EXPECT_EQ(errno, ENOBUFS);
	EXPECT_ERROR(device_sethmcid(old), ENOBUFS);
	check_new(old);

	file = device_open(test);
	EXPECT_ERROR(device_ask_open(file, 0, 100), ENOBUFS);
	check_dead(file, ENOBUFS);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	session_ask_old(old);
	session_await_old(old);
}

/* Failures leak neither an HMC index nor a buffer: settle() checks this. */
static void often(const struct abi_test *test)
{
	int file, i;

	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	for (i = 0; i < 100; i++) {
		file = device_open(test);
		EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0),
			     ECONNREFUSED);
		MUST(close(file));
	}
	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, false);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	for (i = 0; i < 4; i++) {
		file = device_open(test);
		EXPECT_ERROR(device_ask_open(file, i, 50), ETIMEDOUT);
		MUST(close(file));
	}
	knobs_switch(&test->knobs, KNOB_STALL, false);
}

#define STALL KNOB_BIT(KNOB_STALL)

const struct abi_case abi_open_fails_cases[] = {
	CASE("abi.open.eisconn", "OPEN on a file with a session is EISCONN",
	     open_twice),
	CASE("abi.open.eisconn.old", "OPEN after SETHMCID is EISCONN",
	     open_old),
	CASE("abi.open.ealready", "OPEN while the session opens is EALREADY",
	     already, .needs = STALL),
	CASE("abi.open.ebusy", "OPEN of an index in use is EBUSY at once",
	     in_use),
	CASE("abi.open.ebusy.any", "OPEN is EBUSY if every index is in use",
	     all_in_use),
	CASE("abi.open.etimedout", "OPEN without a response is ETIMEDOUT",
	     no_answer, .needs = STALL),
	CASE("abi.open.etimedout.nonblock",
	     "O_NONBLOCK: POLLERR reports the timeout, INFO the reason",
	     no_answer_nonblock, .needs = STALL),
	CASE("abi.open.econnrefused", "a refused OPEN is ECONNREFUSED", refused,
	     .needs = STALL | KNOB_BIT(KNOB_REFUSE_OPEN)),
	CASE("abi.open.enodev.not-ready",
	     "OPEN is ENODEV if the channel is not ready in time", not_ready,
	     .needs = STALL | KNOB_BIT(KNOB_RESET)),
	CASE("abi.open.enodev", "OPEN is ENODEV without a channel", no_channel,
	     .needs = KNOB_BIT(KNOB_LIVE)),
	CASE("abi.open.enobufs", "OPEN of an index without a buffer is ENOBUFS",
	     no_buffer, .needs = STALL),
	CASE("abi.open.often",
	     "a failed OPEN costs neither an index nor a buffer", often,
	     .needs = STALL | KNOB_BIT(KNOB_REFUSE_OPEN)),
	{ 0 }
};
