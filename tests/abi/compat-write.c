// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * write(2) on a session by SETHMCID: expects that it never waits. Sessions by
 * OPEN are tested in abi-write.c.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

/* More than the number of buffers of one HMC index. */
#define OFTEN 200

static void no_session(const struct abi_test *test)
{
	int file = device_open(test);

	EXPECT_ERROR(write(file, "x", 1), EIO);
}

static void too_long(const struct abi_test *test)
{
	static char data[65536];
	unsigned int mtu = device_mtu(test);
	int file = session_old(test);
	int i;

	session_pattern(data, sizeof(data), 1);
	for (i = 0; i < OFTEN; i++)
		EXPECT_ERROR(write(file, data, mtu + 1), EIO);
	EXPECT_ERROR(write(file, data, sizeof(data)), EIO);
	session_echo(file, mtu, 2);
}

static void nothing(const struct abi_test *test)
{
	int file = session_old(test);
	int i;

	for (i = 0; i < OFTEN; i++)
		EXPECT_EQ(MUST(write(file, "", 0)), 0);
	session_echo(file, 20, 1);
}

/* A slow hypervisor: the session stays in the opening state. */
static void opening(const struct abi_test *test)
{
	int file = device_open(test);

	knobs_delay(&test->knobs, 2000);
	session_ask_old(file);
	EXPECT_ERROR(write(file, "x", 1), EBUSY);
	device_set_nonblock(file, true);
	EXPECT_ERROR(write(file, "x", 1), EBUSY);
	knobs_delay(&test->knobs, 0);
	session_await_old(file);
	session_echo(file, 20, 1);
}

static void no_buffer(const struct abi_test *test)
{
	int file = session_old(test);
	unsigned int count = session_fill(file);

	expect_note("%u buffers", count);
	EXPECT_ERROR(write(file, "x", 1), EBUSY);
	device_set_nonblock(file, true);
	EXPECT_ERROR(write(file, "x", 1), EBUSY);
	session_drain(file, 0, 1);
	while (write(file, "again", 5) < 0) {
		EXPECT_EQ(errno, EBUSY);
		device_pause();
	}
	session_drain(file, 1, count);
	session_receive(file, "again", 5);
	session_echo(file, 20, 1);
}

static void bad_pointer(const struct abi_test *test)
{
	int file = session_old(test);
	int i;

	for (i = 0; i < OFTEN; i++) {
		EXPECT_ERROR(write(file, memory_forbidden(), 10), EFAULT);
		EXPECT_ERROR(write(file, memory_before_forbidden(9), 10),
			     EFAULT);
	}
	session_echo(file, 20, 1);
}

static void from_read_only(const struct abi_test *test)
{
	char data[40];
	char *edge = memory_before_forbidden(sizeof(data));
	int file = session_old(test);

	session_pattern(data, sizeof(data), 5);
	session_send(file, memory_read_only(data, sizeof(data)), sizeof(data));
	session_receive(file, data, sizeof(data));
	memcpy(edge, data, sizeof(data));
	session_send(file, edge, sizeof(data));
	session_receive(file, data, sizeof(data));
}

const struct abi_case compat_write_cases[] = {
	CASE("compat.write.no-session", "write without a session is EIO",
	     no_session),
	CASE("compat.write.too-long",
	     "write above the MTU is EIO and costs no buffer", too_long),
	CASE("compat.write.nothing",
	     "a write of no bytes sends nothing and costs no buffer", nothing),
	CASE("compat.write.opening", "write is EBUSY while the session opens",
	     opening, .needs = KNOB_BIT(KNOB_DELAY)),
	CASE("compat.write.no-buffer",
	     "write is EBUSY without a free buffer, and succeeds with one",
	     no_buffer),
	CASE("compat.write.bad-pointer",
	     "write from a bad pointer is EFAULT, sends nothing and costs no buffer",
	     bad_pointer),
	CASE("compat.write.read-only",
	     "write accepts a message in read-only memory, or at its end",
	     from_read_only),
	{ 0 }
};
