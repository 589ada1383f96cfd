// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SETHMCID: expects it to open a session or to fail with the legacy errno. OPEN
 * is tested in abi-open.c.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

/* More HMC indices than any driver has. */
#define MANY 256

/* Attempts to find a free HMC index. */
#define PATIENCE 100

static void ready(const struct abi_test *test)
{
	int file = session_old(test);

	session_echo(file, 100, 1);
	MUST(close(file));
}

static void second(const struct abi_test *test)
{
	int file = device_open(test);

	session_ask_old(file);
	EXPECT_ERROR(device_sethmcid(file), EIO);
	session_await_old(file);
	EXPECT_ERROR(device_sethmcid(file), EIO);
	session_echo(file, 100, 1);
}

static void bad_pointer(const struct abi_test *test)
{
	static const char name[IBMVMC_HMC_ID_LEN];
	int file = device_open(test);
	int i;

	for (i = 0; i < MANY; i++) {
		EXPECT_ERROR(ioctl(file, IBMVMC_IOC_SETHMCID,
				   memory_forbidden()),
			     EFAULT);
		EXPECT_ERROR(ioctl(file, IBMVMC_IOC_SETHMCID,
				   memory_before_forbidden(31)),
			     EFAULT);
	}
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_SETHMCID, NULL), EFAULT);
	while (ioctl(file, IBMVMC_IOC_SETHMCID,
		     memory_read_only(name, sizeof(name)))) {
		EXPECT(errno == EBUSY);
		device_pause();
	}
	session_await_old(file);
}

/* Each file occupies a connection only while it is open. */
static void bad_pointer_close(const struct abi_test *test)
{
	int file, i;

	for (i = 0; i < MANY; i++) {
		file = device_open(test);
		EXPECT_ERROR(ioctl(file, IBMVMC_IOC_SETHMCID,
				   memory_forbidden()),
			     EFAULT);
		MUST(close(file));
	}
	session_old(test);
}

static void ask_with(const struct abi_test *test, int byte)
{
	char *id = memory_before_forbidden(IBMVMC_HMC_ID_LEN);
	int file = device_open(test);

	memset(id, byte, IBMVMC_HMC_ID_LEN);
	while (ioctl(file, IBMVMC_IOC_SETHMCID, id)) {
		EXPECT(errno == EBUSY || errno == ENOBUFS);
		device_pause();
	}
	session_await_old(file);
	MUST(close(file));
}

static void any_name(const struct abi_test *test)
{
	ask_with(test, 'x');
	ask_with(test, 0xff);
	ask_with(test, 0);
}

/* An index that is being closed becomes free soon: try several times. */
static bool ask_patiently(int file)
{
	int i;

	for (i = 0; i < PATIENCE; i++) {
		if (!device_sethmcid(file))
			return true;
		EXPECT(errno == EBUSY || errno == ENOBUFS);
		device_pause();
	}
	return false;
}

/* Opens sessions until no index is free; the last file has no session. */
static int take_all(const struct abi_test *test, int *files)
{
	int count;

	for (count = 0; count < MANY; count++) {
		files[count] = device_open(test);
		if (!ask_patiently(files[count]))
			return count;
		session_await_old(files[count]);
	}
	expect_fail(__FILE__, __LINE__, "there is no end of HMC indices");
}

static void all_in_use(const struct abi_test *test)
{
	int files[MANY];
	int count = take_all(test, files);
	int last = files[count];
	int i;

	expect_note("%d HMC indices", count);
	EXPECT(count > 0);
	for (i = 0; i < 10; i++)
		EXPECT_ERROR(device_sethmcid(last), EBUSY);
	EXPECT_ERROR(write(last, "x", 1), EIO);
	for (i = 0; i < count; i++)
		session_echo(files[i], 64, i);
	MUST(close(files[0]));
	session_ask_old(last);
	session_await_old(last);
}

/* The hypervisor is stalled, so that bring-up does not complete. */
static void not_ready(const struct abi_test *test)
{
	struct ibmvmc_query query;
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	knobs_reset(&test->knobs, "partner-failed");
	device_await_state(test, IBMVMC_CHANNEL_INITIALIZING);
	EXPECT_ERROR(device_sethmcid(file), EAGAIN);
	device_query(file, &query);
	EXPECT_EQ(query.have_vmc, 1);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_INITIALIZING);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	device_await_ready(test);
	session_ask_old(file);
	session_await_old(file);
}

static void refused(const struct abi_test *test)
{
	char buffer[64];
	int file = device_open(test);

	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, true);
	session_ask_old(file);
	while (write(file, "x", 1) < 0 && errno == EBUSY)
		device_pause();
	EXPECT_ERROR(write(file, "x", 1), EIO);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), EBADFD);
	EXPECT_ERROR(device_sethmcid(file), EIO);
	knobs_switch(&test->knobs, KNOB_REFUSE_OPEN, false);
	MUST(close(file));
	session_old(test);
}

const struct abi_case compat_sethmcid_cases[] = {
	CASE("compat.sethmcid", "SETHMCID opens a session", ready),
	CASE("compat.sethmcid.second", "a second SETHMCID on a file is EIO",
	     second),
	CASE("compat.sethmcid.bad-pointer",
	     "SETHMCID with a bad pointer is EFAULT and changes nothing",
	     bad_pointer),
	CASE("compat.sethmcid.bad-pointer.close",
	     "SETHMCID with a bad pointer costs no HMC index",
	     bad_pointer_close),
	CASE("compat.sethmcid.name",
	     "SETHMCID reads 32 bytes of any value, and no more", any_name),
	CASE("compat.sethmcid.in-use",
	     "SETHMCID is EBUSY while every HMC index is in use", all_in_use),
	CASE("compat.sethmcid.not-ready",
	     "SETHMCID is EAGAIN while the channel is not ready", not_ready,
	     .needs = KNOB_BIT(KNOB_STALL) | KNOB_BIT(KNOB_RESET)),
	CASE("compat.sethmcid.refused",
	     "a refused session is dead and reported as dead", refused,
	     .needs = KNOB_BIT(KNOB_REFUSE_OPEN)),
	{ 0 }
};
