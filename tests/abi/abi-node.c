// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Node, beyond the legacy ABI: tests seeks, unknown ioctls, privileges, and
 * SETHMCID by either of its numbers. The legacy behaviour is tested in
 * compat-node.c.
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "process.h"
#include "session.h"

#define SETHMCID_32 _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, 4)
#define SETHMCID_64 _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, 8)
#define NOBODY 65534

static void no_seeking(int file)
{
	char byte = 'x';

	EXPECT_ERROR(lseek(file, 0, SEEK_SET), ESPIPE);
	EXPECT_ERROR(lseek(file, 0, SEEK_CUR), ESPIPE);
	EXPECT_ERROR(lseek(file, 0, SEEK_END), ESPIPE);
	EXPECT_ERROR(pread(file, &byte, 1, 0), ESPIPE);
	EXPECT_ERROR(pwrite(file, &byte, 1, 0), ESPIPE);
}

static void seek(const struct abi_test *test)
{
	no_seeking(device_open(test));
	no_seeking(session_new(test, IBMVMC_INDEX_ANY));
	no_seeking(session_old(test));
}

static void unknown_ioctls(const struct abi_test *test)
{
	static const int lengths[] = { 0, 4, 8, 12, 48, 120, 8192 };
	int file = device_open(test);
	unsigned int number, i, direction;

	for (number = 5; number < 256; number++)
		EXPECT_ERROR(ioctl(file, _IO(IBMVMC_IOC_TYPE, number), NULL),
			     ENOTTY);
	for (direction = 0; direction < 4; direction++)
		for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
			EXPECT_ERROR(ioctl(file,
					   _IOC(direction, IBMVMC_IOC_TYPE, 15,
						lengths[i]),
					   NULL),
				     ENOTTY);
	EXPECT_ERROR(ioctl(file, _IO('T', 1), NULL), ENOTTY);
	EXPECT_ERROR(ioctl(file, _IO(0, 3), NULL), ENOTTY);
	/* Known ioctl numbers with another size. */
	EXPECT_ERROR(ioctl(file, _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, 32),
			   NULL),
		     ENOTTY);
	EXPECT_ERROR(ioctl(file, _IOC(_IOC_READ, IBMVMC_IOC_TYPE, 1, 16), NULL),
		     ENOTTY);
}

static void ask_by(const struct abi_test *test, unsigned long number)
{
	char id[IBMVMC_HMC_ID_LEN] = "either number";
	int file = device_open(test);

	while (ioctl(file, number, id)) {
		EXPECT(errno == EBUSY || errno == ENOBUFS);
		device_pause();
	}
	session_await_old(file);
	session_echo(file, 20, 1);
}

static void either_number(const struct abi_test *test)
{
	ask_by(test, SETHMCID_32);
	ask_by(test, SETHMCID_64);
}

/* A file opened by another user: every call but REQUESTVMC is permitted. */
static void unprivileged(void *data)
{
	struct ibmvmc_query query;
	struct ibmvmc_ioc_info info;
	unsigned int drc = 0;
	int file = *(int *)data;

	MUST(setgid(NOBODY));
	MUST(setuid(NOBODY));
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc), EPERM);
	EXPECT_EQ(drc, 0);
	device_query(file, &query);
	device_info(file, &info);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
	session_echo(file, 20, 1);
}

static void capability(const struct abi_test *test)
{
	struct ibmvmc_query before, after;
	int file = device_open(test);

	device_query(file, &before);
	process_join(process_start(unprivileged, &file));
	device_query(file, &after);
	EXPECT_EQ(after.vmc_drc_index, before.vmc_drc_index);
}

static void old_writable(const struct abi_test *test)
{
	int file = device_open(test);

	session_ask_old(file);
	EXPECT_EQ(session_await(file, POLLIN | POLLOUT), POLLOUT);
	session_send(file, "at once", 7);
	session_receive(file, "at once", 7);
}

/* Without a response the opening times out, and INFO reports a dead file. */
static void old_no_answer(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char buffer[16];
	int file = device_open(test);

	knobs_delay(&test->knobs, 2000);
	session_ask_old(file);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	EXPECT_EQ(session_await(file, POLLIN | POLLOUT), POLLERR | POLLHUP);
	EXPECT_ERROR(write(file, "x", 1), EIO);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EBADFD);
	device_info(file, &info);
	EXPECT_EQ(info.file_error, ETIMEDOUT);
}

const struct abi_case abi_node_cases[] = {
	CASE("abi.seek", "lseek, pread and pwrite are ESPIPE", seek),
	CASE("abi.ioctl.enotty", "an unknown ioctl is ENOTTY", unknown_ioctls),
	CASE("abi.sethmcid.number", "SETHMCID works with both of its numbers",
	     either_number),
	CASE("abi.requestvmc.eperm",
	     "REQUESTVMC needs CAP_SYS_ADMIN, other calls only a descriptor",
	     capability),
	CASE("abi.sethmcid.pollout",
	     "POLLOUT reports that the session of SETHMCID is open",
	     old_writable),
	CASE("abi.sethmcid.no-answer", "SETHMCID without a response ends",
	     old_no_answer,
	     .needs = KNOB_BIT(KNOB_DELAY) | KNOB_BIT(KNOB_STALL)),
	{ 0 }
};
