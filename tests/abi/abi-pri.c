// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * POLLPRI: expects it after each change of the channel, until INFO is called on
 * the file. Other events are tested in abi-poll.c.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

static void reported(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);
	int other = device_open(test);

	EXPECT_EQ(session_events(file, POLLPRI), 0);
	device_reset(test, "partner-failed");
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI);
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI);
	EXPECT_EQ(session_events(file, POLLIN), POLLERR);
	device_info(file, &info);
	EXPECT_EQ(session_events(file, POLLPRI), 0);
	EXPECT_EQ(session_events(other, POLLPRI), POLLPRI);
	/* A file opened after the change does not report it. */
	EXPECT_EQ(session_events(device_open(test), POLLPRI), 0);
}

static void with_session(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = session_new(test, IBMVMC_INDEX_ANY);

	EXPECT_EQ(session_events(file, POLLPRI), 0);
	device_reset(test, "partner-failed");
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI | POLLERR | POLLHUP);
	device_info(file, &info);
	EXPECT_EQ(session_events(file, POLLPRI), POLLERR | POLLHUP);
}

static void wakes(const struct abi_test *test)
{
	struct caller poller;
	int file = device_open(test);

	caller_init(&poller, NULL);
	caller_poll(&poller, file, POLLPRI);
	caller_await_blocked(&poller);
	knobs_reset(&test->knobs, "partner-failed");
	EXPECT_EQ(MUST(caller_join(&poller)), POLLPRI);
}

static void epoll(const struct abi_test *test)
{
	struct epoll_event event = { .events = EPOLLPRI | EPOLLET };
	struct ibmvmc_ioc_info info;
	int file = device_open(test);
	int poller = MUST(epoll_create1(EPOLL_CLOEXEC));
	int i;

	MUST(epoll_ctl(poller, EPOLL_CTL_ADD, file, &event));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
		knobs_reset(&test->knobs, "partner-failed");
		/* The channel goes down and up: more changes until ready. */
		do {
			EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, -1)), 1);
			EXPECT_EQ(event.events, EPOLLPRI);
			device_info(file, &info);
		} while (info.channel_state != IBMVMC_CHANNEL_READY);
		while (MUST(epoll_wait(poller, &event, 1, 0)))
			device_info(file, &info);
	}
}

/* POLLPRI is added to an existing watch; nobody reads or writes. */
static void epoll_later(const struct abi_test *test)
{
	struct epoll_event event = { .events = EPOLLIN };
	int file = device_open(test);
	int poller = MUST(epoll_create1(EPOLL_CLOEXEC));

	MUST(epoll_ctl(poller, EPOLL_CTL_ADD, file, &event));
	event.events = EPOLLPRI;
	MUST(epoll_ctl(poller, EPOLL_CTL_MOD, file, &event));
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, 0)), 0);
	knobs_reset(&test->knobs, "partner-failed");
	EXPECT_EQ(MUST(epoll_wait(poller, &event, 1, -1)), 1);
	EXPECT_EQ(event.events, EPOLLPRI);
}

/* A failed INFO does not clear POLLPRI. */
static void info_fails(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info = { .size = sizeof(info) };
	int file = device_open(test);

	device_reset(test, "partner-failed");
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_INFO,
			   memory_read_only(&info, sizeof(info))),
		     EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_INFO, memory_forbidden()), EFAULT);
	info.size = 8;
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_INFO, &info), EINVAL);
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI);
}

/* Sessions of other files do not change the channel. */
static void quiet(const struct abi_test *test)
{
	int file = device_open(test);
	int other = session_new(test, IBMVMC_INDEX_ANY);

	session_echo(other, 20, 1);
	MUST(close(other));
	close(session_new(test, IBMVMC_INDEX_ANY));
	EXPECT_EQ(session_events(file, POLLPRI), 0);
}

#define RESET KNOB_BIT(KNOB_RESET)

const struct abi_case abi_pri_cases[] = {
	CASE("abi.pri", "POLLPRI reports a change until INFO is called",
	     reported, .needs = RESET),
	CASE("abi.pri.session",
	     "POLLPRI also reports a change on a file with a session",
	     with_session, .needs = RESET),
	CASE("abi.pri.wakes", "a change wakes poll on a file without a session",
	     wakes, .needs = RESET),
	CASE("abi.pri.epoll", "edge-triggered epoll reports each change", epoll,
	     .needs = RESET),
	CASE("abi.pri.epoll.later",
	     "epoll reports a change after POLLPRI was added", epoll_later,
	     .needs = RESET),
	CASE("abi.pri.info-fails", "a failed INFO does not clear POLLPRI",
	     info_fails, .needs = RESET),
	CASE("abi.pri.quiet", "POLLPRI does not report sessions", quiet),
	{ 0 }
};
