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
	     "messages of every length come as they were sent", sizes),
	CASE("abi.read.emsgsize",
	     "too short a buffer is EMSGSIZE, and the message stays",
	     too_short),
	CASE("abi.read.emsgsize.blocked",
	     "it is EMSGSIZE for one who waited, too", too_short_blocked),
	CASE("abi.read.large", "a buffer above the MTU is welcome, old and new",
	     large),
	CASE("abi.read.nonblock", "O_NONBLOCK: no message is EAGAIN", nonblock),
	CASE("abi.read.empty", "an empty message is 0, and counted", empty,
	     .needs = KNOB_BIT(KNOB_EMIT)),
	CASE("abi.read.signal", "a signal ends the waiting with EINTR",
	     interrupted),
	CASE("abi.read.bad-pointer",
	     "a bad pointer is EFAULT, and the message stays where it was",
	     bad_pointer),
	CASE("abi.read.bad-pointer.old", "so it is on an old file",
	     bad_pointer_old),
	CASE("abi.read.edge", "memory is written as far as the message goes",
	     edge),
	CASE("abi.read.end",
	     "messages can be read after the session's end, then why it ended",
	     end, .needs = KNOB_BIT(KNOB_RESET)),
	CASE("abi.read.end.old", "on an old file, then EBADFD", end_old,
	     .needs = KNOB_BIT(KNOB_RESET)),
	{ 0 }
};
