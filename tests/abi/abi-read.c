// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * read(2), beyond the legacy ABI: tests sessions by OPEN, and the behaviour
 * that both kinds of session share. The legacy behaviour is tested in
 * compat-read.c.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

#define LEN 4096

static void sizes(const struct abi_test *test)
{
	unsigned int mtu = device_mtu(test);
	const unsigned int lengths[] = { 1,    2,    31,      32, 33,
					 4095, 4096, mtu - 1, mtu };
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (lengths[i] <= mtu)
			session_echo(file, lengths[i], i);
}

static void too_short(const struct abi_test *test)
{
	char buffer[100];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_send_pattern(file, 100, 1);
	session_send_pattern(file, 50, 2);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT_ERROR(read(file, buffer, 99), EMSGSIZE);
	EXPECT_ERROR(read(file, buffer, 1), EMSGSIZE);
	session_receive_pattern(file, 100, 1);
	session_receive_pattern(file, 50, 2);
}

/* EMSGSIZE ends a blocked read whose buffer is too short for the message. */
static void too_short_blocked(const struct abi_test *test)
{
	struct caller reader;
	char buffer[10];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	session_send_pattern(file, 11, 1);
	EXPECT_ERROR(caller_join(&reader), EMSGSIZE);
	session_receive_pattern(file, 11, 1);
}

static void large(const struct abi_test *test)
{
	static char buffer[1 << 20];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_send_pattern(file, 100, 1);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 100);
	close(file);
	file = session_old(test);
	session_send_pattern(file, 100, 1);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 100);
}

static void nonblock(const struct abi_test *test)
{
	char buffer[LEN];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	device_set_nonblock(file, true);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EAGAIN);
	session_echo(file, 20, 1);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EAGAIN);
}

static void empty(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char buffer[LEN];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int index = session_index(test, file);

	knobs_emit(&test->knobs, index, "", 0);
	knobs_emit(&test->knobs, index, "x", 1);
	session_await_queued(file, 2);
	EXPECT(session_events(file, POLLIN) & POLLIN);
	EXPECT_EQ(MUST(read(file, buffer, sizeof(buffer))), 0);
	session_receive(file, "x", 1);
	device_info(file, &info);
	EXPECT_EQ(info.received_messages, 2);
	EXPECT_EQ(info.received_bytes, 1);
	/* A read of one byte takes the empty message; it is no end of file. */
	device_set_nonblock(file, true);
	EXPECT_ERROR(read(file, buffer, 1), EAGAIN);
}

static void interrupted(const struct abi_test *test)
{
	struct caller reader;
	char buffer[LEN];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	caller_catch(0);
	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	caller_signal(&reader);
	EXPECT_ERROR(caller_join(&reader), EINTR);
	session_echo(file, 20, 1);
}

static void bad_pointers(int file)
{
	char *cut = memory_before_forbidden(50);
	char data[100];
	int i;

	session_pattern(data, sizeof(data), 1);
	session_send(file, data, sizeof(data));
	session_send_pattern(file, 30, 2);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	for (i = 0; i < 100; i++) {
		EXPECT_ERROR(read(file, memory_forbidden(), LEN), EFAULT);
		EXPECT_ERROR(read(file, cut, LEN), EFAULT);
		EXPECT_ERROR(read(file, memory_read_only(data, 1), LEN),
			     EFAULT);
	}
	session_receive(file, data, sizeof(data));
	session_receive_pattern(file, 30, 2);
	session_echo(file, 20, 3);
}

static void bad_pointer(const struct abi_test *test)
{
	bad_pointers(session_new(test, IBMVMC_INDEX_ANY));
}

static void bad_pointer_old(const struct abi_test *test)
{
	bad_pointers(session_old(test));
}

/* The count exceeds the accessible memory, which is as long as the message. */
static void edge(const struct abi_test *test)
{
	char *cut = memory_before_forbidden(50);
	char data[50];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_pattern(data, sizeof(data), 1);
	session_send(file, data, sizeof(data));
	EXPECT_EQ(MUST(read(file, cut, LEN)), sizeof(data));
	EXPECT(!memcmp(cut, data, sizeof(data)));
}

/* Messages received before the end of the session can still be read. */
static void after_end(int file, const struct abi_test *test)
{
	session_send_pattern(file, 100, 1);
	session_send_pattern(file, 4096, 2);
	session_await_queued(file, 2);
	device_break(test, "partner-failed");
	EXPECT_EQ(session_events(file, POLLIN), POLLIN | POLLERR | POLLHUP);
	session_receive_pattern(file, 100, 1);
	session_receive_pattern(file, 4096, 2);
	EXPECT_EQ(session_events(file, POLLIN), POLLERR | POLLHUP);
}

static void end(const struct abi_test *test)
{
	char buffer[LEN];
	int file = session_new(test, IBMVMC_INDEX_ANY);

	after_end(file, test);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), ECONNRESET);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), ECONNRESET);
}

static void end_old(const struct abi_test *test)
{
	char buffer[LEN];
	int file = session_old(test);

	after_end(file, test);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EBADFD);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EBADFD);
}

const struct abi_case abi_read_cases[] = {
	CASE("abi.read.sizes",
	     "read returns messages of every length unchanged", sizes),
	CASE("abi.read.emsgsize",
	     "read into a short buffer is EMSGSIZE and keeps the message",
	     too_short),
	CASE("abi.read.emsgsize.blocked",
	     "a read that waited is EMSGSIZE for a short buffer",
	     too_short_blocked),
	CASE("abi.read.large", "read accepts a buffer above the MTU", large),
	CASE("abi.read.nonblock",
	     "O_NONBLOCK: read without a message is EAGAIN", nonblock),
	CASE("abi.read.empty",
	     "read of an empty message returns 0 and counts it", empty,
	     .needs = KNOB_BIT(KNOB_EMIT)),
	CASE("abi.read.signal", "a waiting read ends with EINTR at a signal",
	     interrupted),
	CASE("abi.read.bad-pointer",
	     "read to a bad pointer is EFAULT and keeps the message in order",
	     bad_pointer),
	CASE("abi.read.bad-pointer.old",
	     "read to a bad pointer is EFAULT on a session by SETHMCID",
	     bad_pointer_old),
	CASE("abi.read.edge", "read writes no byte after the message", edge),
	CASE("abi.read.end",
	     "read returns queued messages of a dead session, then its reason",
	     end, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.read.end.old",
	     "read returns queued messages of a dead session, then EBADFD",
	     end_old, .needs = KNOB_BIT(KNOB_RESET)),
	{ 0 }
};
