// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device: the calls on the node that need no session. Sessions are in
 * session.c.
 */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "expect.h"

#define PAUSE_MS 5
#define BLIND_PAUSE_MS 100

/* More than any driver's MTU. */
#define MTU_BOUND 65536

int device_open(const struct abi_test *test)
{
	return MUST(open(test->device, O_RDWR | O_CLOEXEC));
}

int device_open_nonblock(const struct abi_test *test)
{
	return MUST(open(test->device, O_RDWR | O_CLOEXEC | O_NONBLOCK));
}

void device_set_nonblock(int file, bool on)
{
	MUST(fcntl(file, F_SETFL, on ? O_NONBLOCK : 0));
}

static void name(unsigned char id[IBMVMC_HMC_ID_LEN])
{
	memset(id, 0, IBMVMC_HMC_ID_LEN);
	snprintf((char *)id, IBMVMC_HMC_ID_LEN, "abi-%d", getpid());
}

int device_sethmcid(int file)
{
	unsigned char id[IBMVMC_HMC_ID_LEN];

	name(id);
	return ioctl(file, IBMVMC_IOC_SETHMCID, id);
}

int device_ask_open(int file, int index, unsigned int timeout_ms)
{
	struct ibmvmc_ioc_open open = {
		.size = sizeof(open),
		.hmc_index = index,
		.timeout_ms = timeout_ms,
	};

	name(open.hmc_id);
	return ioctl(file, IBMVMC_IOC_OPEN, &open);
}

void device_query(int file, struct ibmvmc_query *query)
{
	MUST(ioctl(file, IBMVMC_IOC_QUERY, query));
}

void device_info(int file, struct ibmvmc_ioc_info *info)
{
	memset(info, 0xa5, sizeof(*info));
	info->size = sizeof(*info);
	MUST(ioctl(file, IBMVMC_IOC_INFO, info));
	EXPECT_EQ(info->size, IBMVMC_INFO_SIZE_V1);
}

bool device_has_info(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info = { .size = sizeof(info) };
	int file = device_open(test);
	bool has = !ioctl(file, IBMVMC_IOC_INFO, &info);

	if (!has)
		EXPECT(errno == EINVAL || errno == ENOTTY);
	close(file);
	return has;
}

/* Bisection: the errno of read differs above the MTU. */
static unsigned int find_mtu(const struct abi_test *test)
{
	static unsigned char buffer[MTU_BOUND];
	unsigned int low = 1, high = MTU_BOUND, middle;
	int file = device_open(test);

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		EXPECT_EQ(read(file, buffer, middle), -1);
		if (errno == EINVAL)
			high = middle;
		else
			low = middle;
	}
	close(file);
	EXPECT(high < MTU_BOUND);
	return low;
}

unsigned int device_mtu(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file;

	if (!device_has_info(test))
		return find_mtu(test);
	file = device_open(test);
	device_info(file, &info);
	close(file);
	EXPECT(info.mtu > 0);
	return info.mtu;
}

unsigned int device_hmcs(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file = device_open(test);

	device_info(file, &info);
	close(file);
	EXPECT(info.hmcs > 0 && info.hmcs < 256);
	return info.hmcs;
}

void device_await_state(const struct abi_test *test, int state)
{
	struct ibmvmc_query query;
	int file = device_open(test);
	struct pollfd change = { .fd = file, .events = POLLPRI };

	for (;;) {
		device_query(file, &query);
		if (query.state == state)
			break;
		/* A driver without POLLPRI is polled at intervals. */
		if (MUST(poll(&change, 1, PAUSE_MS)))
			device_pause();
	}
	close(file);
}

void device_await_ready(const struct abi_test *test)
{
	device_await_state(test, IBMVMC_CHANNEL_READY);
}

static void await_another(int file, unsigned long long resets)
{
	struct pollfd change = { .fd = file, .events = POLLPRI };
	struct ibmvmc_ioc_info info;

	device_info(file, &info);
	while (info.resets == resets) {
		MUST(poll(&change, 1, -1));
		device_info(file, &info);
	}
}

void device_break(const struct abi_test *test, const char *kind)
{
	bool has_info = device_has_info(test);
	int file = device_open(test);
	struct ibmvmc_ioc_info info;

	if (has_info)
		device_info(file, &info);
	knobs_reset(&test->knobs, kind);
	if (has_info)
		await_another(file, info.resets);
	else
		MUST(poll(NULL, 0, BLIND_PAUSE_MS));
	close(file);
}

void device_reset(const struct abi_test *test, const char *kind)
{
	device_break(test, kind);
	device_await_ready(test);
}

void device_pause(void)
{
	MUST(poll(NULL, 0, PAUSE_MS));
}
