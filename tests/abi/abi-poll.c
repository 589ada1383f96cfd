// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poll(2), select(2) and epoll(7): checks the events in every state of a file.
 * POLLPRI is tested in abi-pri.c, the end of a session in abi-reset.c.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "session.h"

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM)
#define ALL (READABLE | WRITABLE | POLLPRI)

/* The events of one file in each of its states, in order. */
static void states(int file)
{
	unsigned int count;

	EXPECT_EQ(session_events(file, ALL), WRITABLE);
	session_send_pattern(file, 20, 1);
	EXPECT_EQ(session_await(file, READABLE), READABLE);
	EXPECT_EQ(session_events(file, ALL), READABLE | WRITABLE);
	session_receive_pattern(file, 20, 1);
	EXPECT_EQ(session_events(file, ALL), WRITABLE);
	count = session_fill(file);
	session_await_queued(file, count);
	EXPECT_EQ(session_events(file, ALL), READABLE);
	session_drain(file, 0, 1);
	EXPECT_EQ(session_events(file, ALL), READABLE | WRITABLE);
	session_drain(file, 1, count);
	EXPECT_EQ(session_events(file, ALL), WRITABLE);
}

static void new_file(const struct abi_test *test)
{
	int file = device_open(test);

	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	states(file);
}

static void old_file(const struct abi_test *test)
{
	states(session_old(test));
}

/* No buffer is free, and no message has arrived. */
static void stalled(const struct abi_test *test)
{
	struct caller poller;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	session_fill(file);
	EXPECT_EQ(session_events(file, ALL), 0);
	caller_init(&poller, NULL);
	caller_poll(&poller, file, ALL);
	caller_await_blocked(&poller);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	EXPECT_EQ(MUST(caller_join(&poller)) & READABLE, READABLE);
}

static void wakes_writer(const struct abi_test *test)
{
	struct caller poller;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	session_fill(file);
	caller_init(&poller, NULL);
	caller_poll(&poller, file, WRITABLE);
	caller_await_blocked(&poller);
	session_drain(file, 0, 1);
	EXPECT_EQ(MUST(caller_join(&poller)), WRITABLE);
}

static int watch(int file, unsigned int events)
{
	struct epoll_event event = { .events = events };
	int poller = MUST(epoll_create1(EPOLL_CLOEXEC));

	MUST(epoll_ctl(poller, EPOLL_CTL_ADD, file, &event));
	return poller;
}

/* read and write would fail at once, so poll reports an error. */
static void no_session(const struct abi_test *test)
{
	static const short wanted[] = { POLLIN,	    POLLRDNORM,	      POLLOUT,
					POLLWRNORM, POLLIN | POLLOUT, ALL };
	int file = device_open(test);
	char byte = 'x';
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		EXPECT_EQ(session_events(file, wanted[i]), POLLERR);
	EXPECT_ERROR(read(file, &byte, 1), EIO);
	EXPECT_ERROR(write(file, &byte, 1), EIO);
	EXPECT_EQ(session_events(file, POLLPRI), 0);
	EXPECT_EQ(session_events(file, 0), 0);
}

/* A poller that keeps watching @file after POLLERR for having no session. */
static int watch_before(int file, unsigned int events)
{
	int poller = watch(file, events | EPOLLET);
	struct epoll_event event;

	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 1);
	EXPECT_EQ(event.events, EPOLLERR);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
	return poller;
}

/* These events wake the thread that waits on @poller. */
static void woken(struct caller *waiting, int poller, unsigned int events)
{
	struct epoll_event event;

	EXPECT_EQ(MUST(caller_join(waiting)), POLLIN);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 1);
	EXPECT_EQ(event.events, events);
}

static void wait_for(struct caller *waiting, int poller)
{
	caller_init(waiting, NULL);
	caller_poll(waiting, poller, POLLIN);
	caller_await_blocked(waiting);
}

static void before_open(const struct abi_test *test)
{
	struct caller waiting;
	int file = device_open(test);
	int poller = watch_before(file, EPOLLIN | EPOLLOUT);

	wait_for(&waiting, poller);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	woken(&waiting, poller, EPOLLOUT);
}

static void before_sethmcid(const struct abi_test *test)
{
	struct caller writing, reading;
	int file = device_open(test);
	int reader = watch_before(file, EPOLLIN);
	int writer = watch_before(file, EPOLLOUT);

	wait_for(&reading, reader);
	wait_for(&writing, writer);
	session_ask_old(file);
	woken(&writing, writer, EPOLLOUT);
	caller_await_blocked(&reading);
	session_send_pattern(file, 20, 1);
	woken(&reading, reader, EPOLLIN);
}

static void refused(const struct abi_test *test)
{
	struct caller waiting;
	int file = device_open_nonblock(test);
	int poller = watch_before(file, EPOLLIN | EPOLLOUT);

	wait_for(&waiting, poller);
	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EINPROGRESS);
	caller_await_blocked(&waiting);
	EXPECT_EQ(session_events(file, ALL), 0);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	woken(&waiting, poller, EPOLLERR | EPOLLHUP);
}

static void by_select(const struct abi_test *test)
{
	struct timeval now = { 0 };
	int file = session_new(test, IBMVMC_INDEX_ANY);
	fd_set readable, writable;

	session_send_pattern(file, 20, 1);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	FD_ZERO(&readable);
	FD_ZERO(&writable);
	FD_SET(file, &readable);
	FD_SET(file, &writable);
	EXPECT_EQ(MUST(select(file + 1, &readable, &writable, NULL, &now)), 2);
}

static void level(const struct abi_test *test)
{
	struct epoll_event event;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int poller = watch(file, EPOLLIN);

	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
	session_send_pattern(file, 20, 1);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, -1)), 1);
	EXPECT_EQ(event.events, EPOLLIN);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 1);
	session_receive_pattern(file, 20, 1);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
}

/* Each message is an edge, also for a watch that precedes the session. */
static void edge(const struct abi_test *test)
{
	struct epoll_event event;
	int file = device_open(test);
	int poller = watch_before(file, EPOLLIN);
	int i;

	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	for (i = 0; i < 5; i++) {
		while (MUST(epoll_wait(poller, &event, 1, 0)))
			EXPECT(!(event.events & EPOLLIN) || i);
		session_send_pattern(file, 20, i);
		session_await_queued(file, i + 1);
		EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, -1)), 1);
		EXPECT(event.events & EPOLLIN);
		EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
	}
}

static void edge_writer(const struct abi_test *test)
{
	struct epoll_event event;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int count = session_fill(file);
	int poller;

	session_await_queued(file, count);
	poller = watch(file, EPOLLOUT | EPOLLET);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
	session_drain(file, 0, 1);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, -1)), 1);
	EXPECT_EQ(event.events, EPOLLOUT);
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
}

/* The watched file is closed. */
static void closed(const struct abi_test *test)
{
	struct epoll_event event;
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int poller = watch(file, EPOLLIN);

	session_send_pattern(file, 20, 1);
	MUST(close(file));
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
}

#define STALL KNOB_BIT(KNOB_STALL)

const struct abi_case abi_poll_cases[] = {
	CASE("abi.poll.new",
	     "poll returns the events of each state of a session by OPEN",
	     new_file),
	CASE("abi.poll.old",
	     "poll returns the events of each state of a session by SETHMCID",
	     old_file),
	CASE("abi.poll.stalled",
	     "poll returns no event without a buffer and a message", stalled,
	     .needs = STALL),
	CASE("abi.poll.wakes.writer", "the return of a buffer wakes poll",
	     wakes_writer),
	CASE("abi.poll.no-session",
	     "poll without a session is POLLERR, unless only for POLLPRI",
	     no_session),
	CASE("abi.poll.before-open",
	     "a poll that began before OPEN returns after it", before_open),
	CASE("abi.poll.before-sethmcid",
	     "a poll that began before SETHMCID returns after it",
	     before_sethmcid),
	CASE("abi.poll.refused",
	     "a poll that began before OPEN reports its failure", refused,
	     .needs = STALL | KNOB_BIT(KNOB_REFUSE_OPEN)),
	CASE("abi.poll.select", "select reports the events of poll", by_select),
	CASE("abi.poll.epoll",
	     "level-triggered epoll reports the events of poll", level),
	CASE("abi.poll.epoll.edge", "edge-triggered epoll reports each message",
	     edge),
	CASE("abi.poll.epoll.edge.writer",
	     "edge-triggered epoll reports the return of a buffer",
	     edge_writer),
	CASE("abi.poll.epoll.closed", "epoll drops a closed file", closed),
	{ 0 }
};
