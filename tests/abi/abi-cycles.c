// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cycles: repeats one operation ten thousand times and expects the kernel's
 * memory not to grow. Content and order of messages are not checked here.
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "figures.h"
#include "memory.h"
#include "session.h"

#define CYCLES 10000
#define FEWER 2000
#define LIMIT 600

static void open_node(void *data)
{
	MUST(close(device_open(data)));
}

static void node(const struct abi_test *test)
{
	figures_steady(open_node, (void *)test, CYCLES);
}

/* One message stays unread: closing the session must free it. */
static void open_session(void *data)
{
	int file = session_new(data, IBMVMC_INDEX_ANY);

	session_send(file, "unread", 6);
	MUST(close(file));
}

static void sessions(const struct abi_test *test)
{
	figures_steady(open_session, (void *)test, CYCLES);
}

static void open_old_session(void *data)
{
	int file = device_open(data);

	session_ask_old(file);
	EXPECT(session_await(file, POLLOUT) & POLLOUT);
	session_send(file, "unread", 6);
	MUST(close(file));
}

static void old_sessions(const struct abi_test *test)
{
	figures_steady(open_old_session, (void *)test, FEWER);
}

struct failing {
	const struct abi_test *test;
	void *forbidden;
};

static void fail(void *data)
{
	const struct failing *failing = data;
	const struct abi_test *test = failing->test;
	void *forbidden = failing->forbidden;
	char buffer[16];
	int file = device_open(test);

	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_SETHMCID, forbidden), EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_OPEN, forbidden), EFAULT);
	EXPECT_ERROR(device_ask_open(file, -5, 0), EINVAL);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EIO);
	EXPECT_ERROR(write(file, "x", 1), EIO);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), ECONNREFUSED);
	EXPECT_ERROR(write(file, "x", 1), ECONNREFUSED);
	EXPECT_ERROR(write(file, forbidden, 1), EFAULT);
	MUST(close(file));
}

static void failures(const struct abi_test *test)
{
	struct failing failing = { test, memory_forbidden() };

	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	figures_steady(fail, &failing, FEWER);
}

/* Round trips, one after the other. */
static void talk(void *data)
{
	session_echo(*(int *)data, 100, 1);
}

static void messages(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);

	figures_steady(talk, &file, CYCLES);
}

static void break_session(void *data)
{
	const struct abi_test *test = data;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_send(file, "unread", 6);
	device_break(test, "partner-failed");
	MUST(close(file));
}

static void resets(const struct abi_test *test)
{
	figures_steady(break_session, (void *)test, FEWER);
}

static void replace_device(void *data)
{
	const struct abi_test *test = data;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_send(file, "unread", 6);
	knobs_switch(&test->knobs, KNOB_LIVE, false);
	knobs_switch(&test->knobs, KNOB_LIVE, true);
	MUST(close(file));
}

static void removals(const struct abi_test *test)
{
	figures_steady(replace_device, (void *)test, FEWER);
}

const struct abi_case abi_cycles_cases[] = {
	CASE("abi.cycles.sessions", "ten thousand sessions leak nothing",
	     sessions, .limit = LIMIT),
	CASE("abi.cycles.sessions.old",
	     "two thousand sessions by SETHMCID leak nothing", old_sessions,
	     .limit = LIMIT),
	CASE("abi.cycles.node", "ten thousand opens of the node leak nothing",
	     node, .limit = LIMIT),
	CASE("abi.cycles.failures", "two thousand failing calls leak nothing",
	     failures, .needs = KNOB_BIT(KNOB_REFUSE_OPEN), .limit = LIMIT),
	CASE("abi.cycles.messages", "ten thousand messages leak nothing",
	     messages, .limit = LIMIT),
	CASE("abi.cycles.resets", "two thousand resets leak nothing", resets,
	     .needs = KNOB_BIT(KNOB_RESET), .limit = LIMIT),
	CASE("abi.cycles.removals",
	     "two thousand removals of the device leak nothing", removals,
	     .needs = KNOB_BIT(KNOB_LIVE), .limit = LIMIT),
	{ 0 }
};
