// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reset: breaks the channel by each event while threads wait in every blocking
 * call, and expects it to recover. Removal is tested in abi-gone.c.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "broken.h"
#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

/* INFO reports the reset, and a new session works like the first. */
static void back(const struct abi_test *test, unsigned int reason,
		 unsigned long long resets)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, false);
	device_await_ready(test);
	device_info(file, &info);
	EXPECT_EQ(info.last_reset, reason);
	EXPECT_EQ(info.resets, resets);
	EXPECT_EQ(info.hmcs, 4);
	EXPECT_EQ(info.mtu, 4096);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	session_echo(file, 100, 1);
}

static unsigned long long resets_so_far(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);

	device_info(file, &info);
	close(file);
	return info.resets;
}

static void by_event(const struct abi_test *test, const char *kind,
		     unsigned int reason)
{
	unsigned long long resets = resets_so_far(test);
	struct broken broken;

	broken_prepare(&broken, test);
	knobs_reset(&test->knobs, kind);
	broken_check(&broken, ECONNRESET);
	back(test, reason, resets + 1);
}

static void partner_failed(const struct abi_test *test)
{
	by_event(test, "partner-failed", IBMVMC_RESET_PARTNER_FAILED);
}

static void deregistered(const struct abi_test *test)
{
	by_event(test, "deregistered", IBMVMC_RESET_PARTNER_DEREGISTERED);
}

static void terminated(const struct abi_test *test)
{
	by_event(test, "terminated", IBMVMC_RESET_PARTNER_TERMINATED);
}

static void migrated(const struct abi_test *test)
{
	by_event(test, "migrated", IBMVMC_RESET_MIGRATED);
}

static void by_driver(const struct abi_test *test)
{
	unsigned long long resets = resets_so_far(test);
	struct broken broken;

	broken_prepare(&broken, test);
	knobs_driver_reset(&test->knobs);
	broken_check(&broken, ECONNRESET);
	back(test, IBMVMC_RESET_SELF, resets + 1);
}

/* The driver delays its own second consecutive reset. */
static void resetting(const struct abi_test *test)
{
	struct ibmvmc_query query;
	struct ibmvmc_ioc_info info;
	int file = device_open(test);
	int opener = device_open(test);

	knobs_driver_reset(&test->knobs);
	device_await_ready(test);
	knobs_driver_reset(&test->knobs);
	device_query(file, &query);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_RESETTING);
	EXPECT_EQ(query.have_vmc, 0);
	EXPECT_ERROR(device_sethmcid(file), EAGAIN);
	device_info(file, &info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_RESETTING);
	EXPECT_EQ(info.hmcs, 0);
	MUST(device_ask_open(opener, IBMVMC_INDEX_ANY, 0));
	session_echo(opener, 20, 1);
}

static void again_and_again(const struct abi_test *test)
{
	static const char *const kinds[] = { "partner-failed", "deregistered",
					     "terminated", "migrated" };
	unsigned long long resets = resets_so_far(test);
	int files[40];
	int i;

	for (i = 0; i < 40; i++) {
		files[i] = session_new(test, i % 4);
		session_echo(files[i], 20, i);
		session_send_pattern(files[i], 20, i);
		device_break(test, kinds[i % 4]);
	}
	device_await_ready(test);
	/* A copy that fails before the event may count as its own reset. */
	EXPECT(resets_so_far(test) >= resets + 40);
	for (i = 0; i < 40; i++)
		MUST(close(files[i]));
}

/*
 * Events that arrive while the previous one is handled, and some that find no
 * queue because the driver is registering it again.
 */
static void in_a_row(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i;

	knobs_reset(&test->knobs, "partner-failed");
	for (i = 0; i < 20; i++) {
		knobs_try_reset(&test->knobs, "migrated");
		knobs_try_reset(&test->knobs, "partner-failed");
		knobs_driver_reset(&test->knobs);
	}
	EXPECT_EQ(session_await(file, POLLOUT), POLLERR | POLLHUP);
	device_await_ready(test);
	session_echo(session_new(test, IBMVMC_INDEX_ANY), 20, 1);
}

/* A reset does not affect a file without a session. */
static void spared(const struct abi_test *test)
{
	int file = device_open(test);

	device_break(test, "terminated");
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	session_echo(file, 20, 1);
}

#define NEEDS (BROKEN_NEEDS | KNOB_BIT(KNOB_RESET))

const struct abi_case abi_reset_cases[] = {
	CASE("abi.reset.partner-failed",
	     "the failure of the partner ends all waits", partner_failed,
	     .needs = NEEDS),
	CASE("abi.reset.deregistered",
	     "the deregistration of the partner ends all waits", deregistered,
	     .needs = NEEDS),
	CASE("abi.reset.terminated",
	     "the termination of the partner ends all waits", terminated,
	     .needs = NEEDS),
	CASE("abi.reset.migrated", "a migration ends all waits", migrated,
	     .needs = NEEDS),
	CASE("abi.reset.self", "a reset by the driver ends all waits",
	     by_driver, .needs = BROKEN_NEEDS | KNOB_BIT(KNOB_DRIVER_RESET)),
	CASE("abi.reset.resetting",
	     "each call returns its documented error during a reset", resetting,
	     .needs = KNOB_BIT(KNOB_DRIVER_RESET)),
	CASE("abi.reset.often", "forty resets with open sessions leak nothing",
	     again_and_again, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.reset.in-a-row", "overlapping resets leave a ready channel",
	     in_a_row,
	     .needs = KNOB_BIT(KNOB_RESET) | KNOB_BIT(KNOB_DRIVER_RESET)),
	CASE("abi.reset.spared",
	     "a file without a session can open one after a reset", spared,
	     .needs = KNOB_BIT(KNOB_RESET)),
	{ 0 }
};
