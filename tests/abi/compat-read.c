// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * read(2) on a session by SETHMCID: expects the legacy behaviour. Sessions by
 * OPEN are tested in abi-read.c.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

#define LEN 4096
#define FLOOD 500
#define SAME 20

static void no_session(const struct abi_test *test)
{
	char buffer[LEN];
	int file = device_open(test);

	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EIO);
	device_set_nonblock(file, true);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EIO);
}

/* Lengths around those of a name, a page and the MTU. */
static void sizes(const struct abi_test *test)
{
	unsigned int mtu = device_mtu(test);
	const unsigned int lengths[] = { 1,    2,    31,      32, 33,
					 4095, 4096, mtu - 1, mtu };
	int file = session_old(test);
	unsigned int i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (lengths[i] <= mtu)
			session_echo(file, lengths[i], i);
}

static void order(const struct abi_test *test)
{
	int file = session_old(test);
	unsigned int i;

	for (i = 0; i < 10; i++)
		session_send_pattern(file, 10 * (i + 1), i);
	for (i = 0; i < 10; i++)
		session_receive_pattern(file, 10 * (i + 1), i);
}

static void exact(const struct abi_test *test)
{
	char buffer[100], data[100];
	int file = session_old(test);

	session_pattern(data, sizeof(data), 7);
	session_send(file, data, sizeof(data));
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), sizeof(data));
	EXPECT(!memcmp(buffer, data, sizeof(data)));
}

static void too_short(const struct abi_test *test)
{
	char buffer[10], data[100];
	int file = session_old(test);

	session_pattern(data, sizeof(data), 1);
	session_send(file, data, sizeof(data));
	session_send_pattern(file, 50, 2);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), sizeof(buffer));
	EXPECT(!memcmp(buffer, data, sizeof(buffer)));
	session_receive_pattern(file, 50, 2);
}

static void nothing(const struct abi_test *test)
{
	char buffer[1] = "";
	int file = session_old(test);

	session_send_pattern(file, 50, 1);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT_EQ(MUST(read(file, buffer, 0)), 0);
	session_receive_pattern(file, 50, 1);
}

static void nonblock(const struct abi_test *test)
{
	char buffer[LEN];
	int file = session_old(test);

	device_set_nonblock(file, true);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EAGAIN);
	session_echo(file, 20, 1);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EAGAIN);
}

static void blocks(const struct abi_test *test)
{
	struct caller reader;
	char buffer[LEN], data[50];
	int file = session_old(test);

	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	session_pattern(data, sizeof(data), 3);
	session_send(file, data, sizeof(data));
	EXPECT_EQ(MUST(caller_join(&reader)), sizeof(data));
	EXPECT(!memcmp(buffer, data, sizeof(data)));
}

static void emitted(const struct abi_test *test)
{
	struct caller reader;
	char buffer[LEN];
	int file = session_old(test);
	unsigned int index = session_index(test, file);

	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	knobs_emit(&test->knobs, index, "one\0two\n", 8);
	EXPECT_EQ(MUST(caller_join(&reader)), 8);
	EXPECT(!memcmp(buffer, "one\0two\n", 8));
	knobs_emit(&test->knobs, index, "", 0);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 0);
	session_echo(file, 20, 1);
}

/* The hypervisor sends until it has no buffer left; no event reports that. */
static void await_full(const struct abi_test *test)
{
	unsigned long long before = 0, now;
	unsigned int same = 0;

	while (same < SAME) {
		device_pause();
		now = knobs_stat(&test->knobs, "flood_left");
		same = now == before ? same + 1 : 0;
		before = now;
	}
}

/* No reader at first. */
static void flooded(const struct abi_test *test)
{
	char buffer[LEN];
	int file = session_old(test);
	unsigned int i;

	knobs_flood(&test->knobs, session_index(test, file), FLOOD, 100);
	await_full(test);
	for (i = 1; i <= FLOOD; i++) {
		EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 100);
		EXPECT_EQ(strtoul(buffer, NULL, 10), i);
	}
	session_echo(file, 20, 1);
}

static void interrupted(const struct abi_test *test)
{
	struct caller reader;
	char buffer[LEN];
	int file = session_old(test);

	caller_catch(0);
	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	caller_signal(&reader);
	EXPECT_ERROR(caller_join(&reader), EINTR);
	session_echo(file, 20, 1);
}

static void restarted(const struct abi_test *test)
{
	struct caller reader;
	char buffer[LEN];
	int file = session_old(test);
	int i;

	caller_catch(SA_RESTART);
	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	for (i = 0; i < 3; i++) {
		caller_await_blocked(&reader);
		caller_signal(&reader);
	}
	caller_await_blocked(&reader);
	session_send_pattern(file, 50, 1);
	EXPECT_EQ(MUST(caller_join(&reader)), 50);
}

const struct abi_case compat_read_cases[] = {
	CASE("compat.read.no-session", "read without a session is EIO at once",
	     no_session),
	CASE("compat.read.sizes",
	     "read returns messages of every length unchanged", sizes),
	CASE("compat.read.order",
	     "read returns one message at a time, in order", order),
	CASE("compat.read.exact",
	     "a buffer of the length of the message is enough", exact),
	CASE("compat.read.short",
	     "a short read loses only the rest of its message", too_short),
	CASE("compat.read.nothing", "a read of no bytes loses no message",
	     nothing),
	CASE("compat.read.nonblock",
	     "O_NONBLOCK: read without a message is EAGAIN", nonblock),
	CASE("compat.read.blocks", "read waits for a message", blocks),
	CASE("compat.read.emitted",
	     "read returns messages that the hypervisor originates, empty ones as 0",
	     emitted, .needs = KNOB_BIT(KNOB_EMIT)),
	CASE("compat.read.flood",
	     "read returns a flood in order, also after it has filled the buffers",
	     flooded, .needs = KNOB_BIT(KNOB_FLOOD) | KNOB_BIT(KNOB_STATS)),
	CASE("compat.read.signal", "a waiting read ends with EINTR at a signal",
	     interrupted),
	CASE("compat.read.restart", "with SA_RESTART a waiting read continues",
	     restarted),
	{ 0 }
};
