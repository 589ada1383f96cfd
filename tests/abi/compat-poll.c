// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poll(2) of the legacy ABI: expects POLLIN while a message can be read. Other
 * events are tested in abi-poll.c.
 */
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

#define READABLE (POLLIN | POLLRDNORM)

static void no_session(const struct abi_test *test)
{
	int file = device_open(test);

	EXPECT_EQ(session_events(file, READABLE) & READABLE, 0);
}

static void readable(const struct abi_test *test)
{
	int file = session_old(test);
	struct timeval now = { 0 };
	fd_set files;

	EXPECT_EQ(session_events(file, READABLE), 0);
	session_send_pattern(file, 20, 1);
	EXPECT_EQ(session_await(file, READABLE), READABLE);
	FD_ZERO(&files);
	FD_SET(file, &files);
	EXPECT_EQ(MUST(select(file + 1, &files, NULL, NULL, &now)), 1);
	EXPECT(FD_ISSET(file, &files));
	session_receive_pattern(file, 20, 1);
	EXPECT_EQ(session_events(file, READABLE), 0);
	EXPECT_EQ(MUST(select(file + 1, &files, NULL, NULL, &now)), 0);
}

static void wakes(const struct abi_test *test)
{
	struct caller poller;
	int file = session_old(test);

	caller_init(&poller, NULL);
	caller_poll(&poller, file, READABLE);
	caller_await_blocked(&poller);
	session_send_pattern(file, 20, 1);
	EXPECT_EQ(MUST(caller_join(&poller)), READABLE);
}

const struct abi_case compat_poll_cases[] = {
	CASE("compat.poll.no-session",
	     "poll without a session does not return POLLIN", no_session),
	CASE("compat.poll.readable",
	     "poll and select report a message, and nothing else", readable),
	CASE("compat.poll.wakes", "a message wakes poll", wakes),
	{ 0 }
};
