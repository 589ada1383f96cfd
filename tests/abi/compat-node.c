// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Node: tests the calls of the legacy ABI that need no session: open, QUERY,
 * REQUESTVMC. The native ABI is tested in abi-node.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

#define MISC_MAJOR 10
#define MANY 64

static void node(const struct abi_test *test)
{
	struct stat status;

	MUST(stat(test->device, &status));
	EXPECT(S_ISCHR(status.st_mode));
	EXPECT_EQ(major(status.st_rdev), MISC_MAJOR);
	EXPECT_EQ(status.st_mode & 07777, 0600);
	EXPECT_EQ(status.st_uid, 0);
	close(device_open(test));
}

static void many_files(const struct abi_test *test)
{
	struct ibmvmc_query query;
	int files[MANY];
	int i;

	for (i = 0; i < MANY; i++)
		files[i] = device_open(test);
	for (i = 0; i < MANY; i++) {
		device_query(files[i], &query);
		EXPECT_EQ(query.state, IBMVMC_CHANNEL_READY);
	}
	/* The open files occupy no HMC index. */
	session_ask_old(files[MANY - 1]);
	session_await_old(files[MANY - 1]);
	for (i = 0; i < MANY; i++)
		MUST(close(files[i]));
}

static void query(const struct abi_test *test)
{
	struct {
		struct ibmvmc_query query;
		int after;
	} asked = { .after = 0x5a5a5a5a };
	int file = device_open(test);

	device_query(file, &asked.query);
	EXPECT_EQ(asked.query.have_vmc, 1);
	EXPECT_EQ(asked.query.state, IBMVMC_CHANNEL_READY);
	EXPECT_EQ(asked.after, 0x5a5a5a5a);
	session_ask_old(file);
	session_await_old(file);
	memset(&asked.query, 0, sizeof(asked.query));
	device_query(file, &asked.query);
	EXPECT_EQ(asked.query.have_vmc, 1);
	EXPECT_EQ(asked.query.state, IBMVMC_CHANNEL_READY);
}

static void query_bad_pointer(const struct abi_test *test)
{
	struct ibmvmc_query query = { 0 };
	int file = device_open(test);

	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_QUERY, NULL), EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_QUERY, memory_forbidden()), EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_QUERY, memory_before_forbidden(8)),
		     EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_QUERY,
			   memory_read_only(&query, sizeof(query))),
		     EFAULT);
	device_query(file, &query);
}

static void request(const struct abi_test *test)
{
	struct ibmvmc_query query;
	unsigned int drc = 0;
	int file = device_open(test);
	int other = device_open(test);

	MUST(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc));
	EXPECT(drc != 0);
	device_query(other, &query);
	EXPECT_EQ((unsigned int)query.vmc_drc_index, drc);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_READY);
}

static void request_refused(const struct abi_test *test)
{
	struct ibmvmc_query before, after;
	unsigned int drc = 0x5a5a5a5a;
	int file = device_open(test);

	device_query(file, &before);
	knobs_switch(&test->knobs, KNOB_REFUSE_REQUEST, true);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc), EPERM);
	EXPECT_EQ(drc, 0x5a5a5a5a);
	device_query(file, &after);
	EXPECT_EQ(after.vmc_drc_index, before.vmc_drc_index);
}

static void request_bad_pointer(const struct abi_test *test)
{
	unsigned int drc = 0;
	int file = device_open(test);

	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_REQUESTVMC, memory_forbidden()),
		     EFAULT);
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_REQUESTVMC,
			   memory_read_only(&drc, sizeof(drc))),
		     EFAULT);
}

/* EINVAL in the in-tree driver. */
static void unknown_ioctl(const struct abi_test *test)
{
	int file = device_open(test);

	EXPECT_EQ(ioctl(file, _IO(IBMVMC_IOC_TYPE, 15)), -1);
	EXPECT(errno == ENOTTY || errno == EINVAL);
	EXPECT_EQ(ioctl(file, _IO('T', 1), NULL), -1);
	EXPECT(errno == ENOTTY || errno == EINVAL);
}

const struct abi_case compat_node_cases[] = {
	CASE("compat.node", "the node is a misc device that only root can open",
	     node),
	CASE("compat.open.many",
	     "64 files are open at once and take no HMC index", many_files),
	CASE("compat.query", "QUERY reports a ready channel, on any file",
	     query),
	CASE("compat.query.bad-pointer", "QUERY with a bad pointer is EFAULT",
	     query_bad_pointer),
	CASE("compat.requestvmc",
	     "REQUESTVMC returns a DRC index, which QUERY reports", request),
	CASE("compat.requestvmc.refused",
	     "REQUESTVMC that the hypervisor does not allow is EPERM",
	     request_refused, .needs = KNOB_BIT(KNOB_REFUSE_REQUEST)),
	CASE("compat.requestvmc.bad-pointer",
	     "REQUESTVMC with a bad pointer is EFAULT", request_bad_pointer),
	CASE("compat.ioctl.unknown", "an unknown ioctl fails", unknown_ioctl),
	{ 0 }
};
