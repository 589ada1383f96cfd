// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions: opens files with a session, and sends and receives messages on
 * them. Calls without a session are in device.c.
 */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"

/* Length of the longest message. */
#define BUFFER_LEN 16384

int session_new(const struct abi_test *test, int index)
{
	int file = device_open(test);

	MUST(device_ask_open(file, index, 0));
	return file;
}

void session_ask_old(int file)
{
	while (device_sethmcid(file)) {
		if (errno != EBUSY && errno != EAGAIN && errno != ENOBUFS)
			expect_fail(__FILE__, __LINE__,
				    "SETHMCID failed with %s",
				    expect_errno_name(errno));
		device_pause();
	}
}

void session_await_old(int file)
{
	static const char hello[] = "are you there";

	while (write(file, hello, sizeof(hello)) < 0) {
		if (errno != EBUSY)
			expect_fail(__FILE__, __LINE__, "write failed with %s",
				    expect_errno_name(errno));
		device_pause();
	}
	session_receive(file, hello, sizeof(hello));
}

int session_old(const struct abi_test *test)
{
	int file = device_open(test);

	session_ask_old(file);
	session_await_old(file);
	return file;
}

unsigned int session_index(const struct abi_test *test, int file)
{
	struct ibmvmc_ioc_info info;

	if (!device_has_info(test))
		return 0;
	device_info(file, &info);
	return info.hmc_index;
}

void session_pattern(void *data, size_t len, unsigned int seed)
{
	unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < len; i++)
		bytes[i] = 'a' + (seed + i + i / 251) % 26;
}

void session_send(int file, const void *data, size_t len)
{
	EXPECT_EQ(MUST(write(file, data, len)), len);
}

void session_receive(int file, const void *data, size_t len)
{
	unsigned char buffer[BUFFER_LEN];
	size_t size = len > 4096 ? BUFFER_LEN : 4096;

	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT_EQ(MUST(read(file, buffer, size)), len);
	EXPECT(!memcmp(buffer, data, len));
}

void session_send_pattern(int file, size_t len, unsigned int seed)
{
	unsigned char data[BUFFER_LEN];

	session_pattern(data, len, seed);
	session_send(file, data, len);
}

void session_receive_pattern(int file, size_t len, unsigned int seed)
{
	unsigned char data[BUFFER_LEN];

	session_pattern(data, len, seed);
	session_receive(file, data, len);
}

void session_echo(int file, size_t len, unsigned int seed)
{
	session_send_pattern(file, len, seed);
	session_receive_pattern(file, len, seed);
}

unsigned int session_fill(int file)
{
	int flags = MUST(fcntl(file, F_GETFL));
	unsigned char data[SESSION_FILL_LEN];
	unsigned int count = 0;

	device_set_nonblock(file, true);
	for (;;) {
		session_pattern(data, sizeof(data), count);
		if (write(file, data, sizeof(data)) < 0)
			break;
		count++;
		EXPECT(count < 1000);
	}
	EXPECT(errno == EAGAIN || errno == EBUSY);
	EXPECT(count > 0);
	device_set_nonblock(file, flags & O_NONBLOCK);
	return count;
}

void session_drain(int file, unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		session_receive_pattern(file, SESSION_FILL_LEN, from);
}

short session_events(int file, short wanted)
{
	struct pollfd poller = { .fd = file, .events = wanted };

	MUST(poll(&poller, 1, 0));
	return poller.revents;
}

short session_await(int file, short wanted)
{
	struct pollfd poller = { .fd = file, .events = wanted };

	EXPECT_EQ(MUST(poll(&poller, 1, -1)), 1);
	return poller.revents;
}

void session_await_queued(int file, unsigned int count)
{
	struct ibmvmc_ioc_info info;

	for (;;) {
		device_info(file, &info);
		if (info.queued >= count)
			break;
		device_pause();
	}
	EXPECT_EQ(info.queued, count);
}
