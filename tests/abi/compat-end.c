// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * End of a session by SETHMCID: ends it by close(2), by the end of its process,
 * and by a reset of the channel. Later sessions on the index must not affect
 * the old file, nor it them. Sessions by OPEN are tested in abi-reset.c and
 * abi-stale.c.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "process.h"
#include "session.h"

#define REOPENS 50

/* Opens again right after close, without a pause. */
static void reopen(const struct abi_test *test)
{
	int i, file;

	for (i = 0; i < REOPENS; i++) {
		file = session_old(test);
		session_echo(file, 20, i);
		MUST(close(file));
	}
}

static void close_opening(const struct abi_test *test)
{
	int i, file;

	for (i = 0; i < REOPENS; i++) {
		file = device_open(test);
		session_ask_old(file);
		MUST(close(file));
	}
	session_old(test);
}

/* Unread messages in both directions. */
static void close_full(const struct abi_test *test)
{
	int i, file;

	for (i = 0; i < REOPENS; i++) {
		file = session_old(test);
		session_fill(file);
		MUST(close(file));
	}
	session_old(test);
}

static void use(void *data)
{
	const struct abi_test *test = data;
	int file = session_old(test);

	session_send_pattern(file, 20, 1);
}

static void wait_for_ever(void *data)
{
	char buffer[16];
	int file = session_old(data);

	EXPECT_EQ(read(file, buffer, sizeof(buffer)), 0);
}

static void process_exits(const struct abi_test *test)
{
	int i;

	for (i = 0; i < 10; i++)
		process_join(process_start(use, (void *)test));
	session_old(test);
}

static void process_killed(const struct abi_test *test)
{
	pid_t pid;
	int i;

	for (i = 0; i < 10; i++) {
		pid = process_start(wait_for_ever, (void *)test);
		process_await_blocked(pid);
		process_kill(pid);
	}
	session_old(test);
}

static void reset(const struct abi_test *test)
{
	device_reset(test, "partner-failed");
}

static void reset_wakes(const struct abi_test *test)
{
	struct caller reader, poller;
	char buffer[16];
	int file = session_old(test);

	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_init(&poller, NULL);
	caller_poll(&poller, file, POLLIN);
	caller_await_blocked(&reader);
	caller_await_blocked(&poller);
	reset(test);
	EXPECT_ERROR(caller_join(&reader), EBADFD);
	EXPECT(caller_join(&poller) != 0);
}

static void reset_ends(const struct abi_test *test)
{
	struct ibmvmc_query query;
	char buffer[16];
	int file = session_old(test);
	int i;

	reset(test);
	for (i = 0; i < 3; i++) {
		EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EBADFD);
		EXPECT_ERROR(write(file, "x", 1), EIO);
		EXPECT_ERROR(device_sethmcid(file), EIO);
	}
	device_query(file, &query);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_READY);
	session_old(test);
}

/* A reset does not affect an open file without a session. */
static void reset_spares(const struct abi_test *test)
{
	int file = device_open(test);

	reset(test);
	session_ask_old(file);
	session_await_old(file);
}

static void stale(const struct abi_test *test)
{
	char buffer[16];
	int old = session_old(test);
	int file;

	reset(test);
	file = session_old(test);
	session_send_pattern(file, 20, 1);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT(!(session_events(old, POLLIN) & POLLIN));
	EXPECT_ERROR(read(old, buffer, sizeof(buffer)), EBADFD);
	EXPECT_ERROR(write(old, "x", 1), EIO);
	MUST(close(old));
	session_receive_pattern(file, 20, 1);
	session_echo(file, 20, 2);
}

/* The reverse: the newer session is closed, then reset. */
static void stale_twice(const struct abi_test *test)
{
	int files[8];
	int i;

	for (i = 0; i < 8; i++) {
		files[i] = session_old(test);
		reset(test);
	}
	for (i = 0; i < 8; i++)
		MUST(close(files[i]));
	reset(test);
	session_old(test);
}

#define NEEDS KNOB_BIT(KNOB_RESET)

const struct abi_case compat_end_cases[] = {
	CASE("compat.close.reopen", "a closed session can be opened again",
	     reopen),
	CASE("compat.close.opening",
	     "a file can be closed while its session opens", close_opening),
	CASE("compat.close.full",
	     "a session can be closed with unread messages", close_full),
	CASE("compat.close.exit", "the end of a process ends its session",
	     process_exits),
	CASE("compat.close.kill",
	     "SIGKILL ends a process that waits for a message", process_killed),
	CASE("compat.reset.wakes", "a reset ends a waiting read", reset_wakes,
	     .needs = NEEDS),
	CASE("compat.reset.ends",
	     "after a reset read is EBADFD, and write and SETHMCID are EIO",
	     reset_ends, .needs = NEEDS),
	CASE("compat.reset.spares",
	     "a file without a session can open one after a reset",
	     reset_spares, .needs = NEEDS),
	CASE("compat.reset.stale",
	     "the file of an ended session does not affect the next session",
	     stale, .needs = NEEDS),
	CASE("compat.reset.many",
	     "files of ended sessions can be closed at any time", stale_twice,
	     .needs = NEEDS),
	{ 0 }
};
