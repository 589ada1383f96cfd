// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Successful OPEN: expects it at once, after a wait, and with O_NONBLOCK.
 * Failures are tested in abi-open-fails.c, structures in abi-struct.c.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

#define MANY 64

static void chosen(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int hmcs = device_hmcs(test);
	int file, i;

	for (i = hmcs - 1; i >= 0; i--) {
		file = session_new(test, i);
		device_info(file, &info);
		EXPECT_EQ(info.file_state, IBMVMC_FILE_READY);
		EXPECT_EQ(info.hmc_index, i);
		session_echo(file, 100, i);
	}
}

static void any(const struct abi_test *test)
{
	unsigned int hmcs = device_hmcs(test);
	struct ibmvmc_ioc_info info;
	unsigned int seen = 0, i;
	int file;

	for (i = 0; i < hmcs; i++) {
		file = session_new(test, IBMVMC_INDEX_ANY);
		device_info(file, &info);
		EXPECT(info.hmc_index >= 0 && info.hmc_index < (int)hmcs);
		seen |= 1U << info.hmc_index;
		session_echo(file, 100, i);
	}
	EXPECT_EQ(seen, (1U << hmcs) - 1);
}

/* Each session has a unique number. */
static void reopen(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	unsigned int last = 0;
	int i, file;

	for (i = 0; i < 300; i++) {
		file = session_new(test, 0);
		device_info(file, &info);
		EXPECT(info.hmc_session > 0 && info.hmc_session < 256);
		EXPECT(info.hmc_session != last);
		last = info.hmc_session;
		MUST(close(file));
	}
}

static void nonblock(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open_nonblock(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 60000),
		     EINPROGRESS);
	EXPECT_EQ(session_events(file, POLLIN | POLLOUT), 0);
	EXPECT_ERROR(write(file, "x", 1), EAGAIN);
	EXPECT_ERROR(read(file, &info, sizeof(info)), EAGAIN);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT_EQ(session_await(file, POLLIN | POLLOUT), POLLOUT);
	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_READY);
	session_echo(file, 20, 1);
}

/* The channel becomes ready while the call waits. */
static void waits_for_channel(const struct abi_test *test)
{
	struct caller opener;
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	knobs_reset(&test->knobs, "partner-failed");
	device_await_state(test, IBMVMC_CHANNEL_INITIALIZING);
	caller_init(&opener, NULL);
	caller_open(&opener, file, 3, 60000);
	caller_await_blocked(&opener);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	MUST(caller_join(&opener));
	session_echo(file, 20, 1);
}

/* The index becomes free while the call waits; an Open may get lost. */
static void waits_for_close(const struct abi_test *test)
{
	struct caller opener;
	int file = session_new(test, 1);
	int next = device_open(test);

	knobs_delay(&test->knobs, 500);
	MUST(close(file));
	caller_init(&opener, NULL);
	caller_open(&opener, next, 1, 60000);
	caller_await_blocked(&opener);
	MUST(caller_join(&opener));
	knobs_delay(&test->knobs, 0);
	session_echo(next, 20, 1);
}

/* A signal ends only the wait, with and without SA_RESTART. */
static void interrupt(const struct abi_test *test, int flags)
{
	struct ibmvmc_ioc_info info;
	struct caller opener;
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	caller_catch(flags);
	caller_init(&opener, NULL);
	caller_open(&opener, file, IBMVMC_INDEX_ANY, 60000);
	caller_await_blocked(&opener);
	caller_signal(&opener);
	EXPECT_ERROR(caller_join(&opener), EINTR);
	device_info(file, &info);
	EXPECT(info.file_state == IBMVMC_FILE_WAITING ||
	       info.file_state == IBMVMC_FILE_OPENING);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EALREADY);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT(session_await(file, POLLOUT) & POLLOUT);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EISCONN);
	session_echo(file, 20, 1);
}

static void interrupted(const struct abi_test *test)
{
	interrupt(test, 0);
}

static void not_restarted(const struct abi_test *test)
{
	interrupt(test, SA_RESTART);
}

/* Many threads compete for few indices while the channel is down. */
static void crowd(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	unsigned int hmcs = device_hmcs(test);
	unsigned int ready = 0, i;
	int files[MANY];

	knobs_switch(&test->knobs, KNOB_STALL, true);
	knobs_reset(&test->knobs, "partner-failed");
	device_await_state(test, IBMVMC_CHANNEL_INITIALIZING);
	for (i = 0; i < MANY; i++) {
		files[i] = device_open_nonblock(test);
		EXPECT_ERROR(device_ask_open(files[i], IBMVMC_INDEX_ANY, 3000),
			     EINPROGRESS);
	}
	knobs_switch(&test->knobs, KNOB_STALL, false);
	for (i = 0; i < MANY; i++) {
		session_await(files[i], POLLOUT);
		device_info(files[i], &info);
		if (info.file_state == IBMVMC_FILE_READY) {
			session_echo(files[i], 20, i);
			ready++;
			continue;
		}
		EXPECT_EQ(info.file_state, IBMVMC_FILE_DEAD);
		EXPECT_EQ(info.file_error, EBUSY);
		EXPECT_EQ(session_events(files[i], POLLOUT), POLLERR | POLLHUP);
	}
	EXPECT_EQ(ready, hmcs);
}

/* Closing a file during or right after OPEN leaves nothing allocated. */
static void closed_opening(const struct abi_test *test)
{
	int i, file;

	for (i = 0; i < 200; i++) {
		file = device_open_nonblock(test);
		if (device_ask_open(file, i % 4, 60000))
			EXPECT_EQ(errno, EINPROGRESS);
		MUST(close(file));
	}
	session_new(test, 0);
}

static void slow(const struct abi_test *test)
{
	int file = device_open(test);

	knobs_delay(&test->knobs, 100);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	session_echo(file, 20, 1);
	session_echo(file, 4096, 2);
}

#define STALL KNOB_BIT(KNOB_STALL)

const struct abi_case abi_open_cases[] = {
	CASE("abi.open.index", "OPEN opens the HMC index that it names",
	     chosen),
	CASE("abi.open.any", "OPEN of any index opens each in turn", any),
	CASE("abi.open.again",
	     "an index can be opened immediately after its close", reopen),
	CASE("abi.open.nonblock",
	     "O_NONBLOCK: OPEN is EINPROGRESS, then POLLOUT reports the session",
	     nonblock, .needs = STALL),
	CASE("abi.open.waits.channel", "OPEN waits until the channel is ready",
	     waits_for_channel, .needs = STALL | KNOB_BIT(KNOB_RESET)),
	CASE("abi.open.waits.close",
	     "OPEN waits for an index that is being closed", waits_for_close,
	     .needs = KNOB_BIT(KNOB_DELAY)),
	CASE("abi.open.signal",
	     "OPEN ends with EINTR at a signal, and the session opens",
	     interrupted, .needs = STALL),
	CASE("abi.open.signal.restart",
	     "OPEN ends with EINTR even with SA_RESTART", not_restarted,
	     .needs = STALL),
	CASE("abi.open.crowd",
	     "of 64 waiting files, one for each index is opened", crowd,
	     .needs = STALL | KNOB_BIT(KNOB_RESET)),
	CASE("abi.open.closed", "a file can be closed while its session opens",
	     closed_opening),
	CASE("abi.open.slow", "OPEN waits for a slow hypervisor", slow,
	     .needs = KNOB_BIT(KNOB_DELAY)),
	{ 0 }
};
