// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel modules: loads and unloads them, and loads them with other limits. It
 * does not restore them: frame.c reloads them with the standard parameters
 * after each of these cases.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broken.h"
#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "modules.h"
#include "session.h"

static void load_with(const struct abi_test *test, const char *driver,
		      const char *channel)
{
	struct modules_parameters how = {
		.parameters = {
			[MODULE_DRIVER] = driver,
			[MODULE_HV] = "",
			[MODULE_CHANNEL] = channel,
		},
	};

	modules_unload(test);
	modules_load(test, &how);
	device_await_ready(test);
}

static void insert_channel(const struct abi_test *test)
{
	modules_insert(test, MODULE_CHANNEL,
		       modules_standard.parameters[MODULE_CHANNEL]);
}

/* The driver alone: a node without a device. */
static void no_device(const struct abi_test *test)
{
	struct ibmvmc_query query;
	struct ibmvmc_ioc_info info;
	unsigned int drc = 0;
	int file;

	modules_unload(test);
	modules_insert(test, MODULE_DRIVER, "");
	file = device_open(test);
	device_query(file, &query);
	EXPECT_EQ(query.have_vmc, 0);
	EXPECT_EQ(query.state, IBMVMC_CHANNEL_NONE);
	EXPECT_EQ(query.vmc_drc_index, 0);
	device_info(file, &info);
	EXPECT_EQ(info.channel_state, IBMVMC_CHANNEL_NONE);
	EXPECT_EQ(info.last_reset, IBMVMC_RESET_NONE);
	EXPECT_EQ(info.resets, 0);
	EXPECT_EQ(info.hmcs, 0);
	EXPECT_ERROR(device_sethmcid(file), EAGAIN);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 100), ENODEV);
	/* Only our simulated hypervisor implements this call. */
	EXPECT_ERROR(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc),
		     modules_own_transport(test) ? EPERM : ENODEV);
	EXPECT_EQ(session_events(device_open(test), POLLIN | POLLOUT | POLLPRI),
		  POLLERR);
}

static void in_use(const struct abi_test *test)
{
	int file = device_open(test);

	MUST(modules_remove(test, MODULE_CHANNEL));
	EXPECT_EQ(modules_remove(test, MODULE_DRIVER), -1);
	EXPECT(errno == EBUSY || errno == EWOULDBLOCK);
	MUST(close(file));
	MUST(modules_remove(test, MODULE_DRIVER));
	EXPECT_ERROR(open(test->device, O_RDWR), ENOENT);
	MUST(modules_remove(test, MODULE_HV));
}

/* Each module pins the modules that it uses. */
static void needed(const struct abi_test *test)
{
	if (modules_own_transport(test)) {
		MUST(modules_remove(test, MODULE_DRIVER));
		modules_insert(test, MODULE_DRIVER,
			       modules_standard.parameters[MODULE_DRIVER]);
		device_await_ready(test);
	} else {
		EXPECT_EQ(modules_remove(test, MODULE_DRIVER), -1);
		EXPECT(errno == EBUSY || errno == EWOULDBLOCK);
	}
	EXPECT_EQ(modules_remove(test, MODULE_HV), -1);
	EXPECT(errno == EBUSY || errno == EWOULDBLOCK);
	session_echo(session_new(test, 0), 20, 1);
}

/* The device's module is unloaded while files are open and threads wait. */
static void device_goes(const struct abi_test *test)
{
	struct broken broken;
	int file = device_open(test);

	broken_prepare(&broken, test);
	MUST(modules_remove(test, MODULE_CHANNEL));
	broken_check(&broken, ENODEV);
	EXPECT_EQ(session_events(file, POLLPRI), POLLPRI);
	insert_channel(test);
	device_await_ready(test);
	MUST(device_ask_open(file, 0, 0));
	session_echo(file, 20, 1);
}

static void again(const struct abi_test *test)
{
	int file, i;

	for (i = 0; i < 10; i++) {
		file = session_new(test, i % 4);
		session_fill(file);
		MUST(modules_remove(test, MODULE_CHANNEL));
		MUST(modules_remove(test, MODULE_HV));
		MUST(close(file));
		MUST(modules_remove(test, MODULE_DRIVER));
		modules_load(test, &modules_standard);
	}
}

/* The driver supports more HMC indices than the hypervisor. */
static void few_indices(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	int file;

	load_with(test, "max_hmcs=4", "hmcs=2");
	file = device_open(test);
	device_info(file, &info);
	EXPECT_EQ(info.hmcs, 2);
	EXPECT_ERROR(device_ask_open(device_open(test), 4, 0), EINVAL);
	EXPECT_ERROR(device_ask_open(device_open(test), 2, 0), ENODEV);
	EXPECT_ERROR(device_ask_open(device_open(test), 3, 60000), ENODEV);
	MUST(device_ask_open(file, 1, 0));
	session_echo(file, 20, 1);
}

/* The lowest limits that a hypervisor may offer. */
static void least(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	char data[33], buffer[4096];
	int file, old;

	load_with(test, "", "hmcs=1 pool=2 mtu=32");
	file = session_new(test, 0);
	device_info(file, &info);
	EXPECT_EQ(info.hmcs, 1);
	EXPECT_EQ(info.pool, 2);
	EXPECT_EQ(info.mtu, 32);
	session_pattern(data, sizeof(data), 1);
	EXPECT_ERROR(write(file, data, 33), EMSGSIZE);
	session_echo(file, 32, 1);
	session_echo(file, 31, 2);
	session_echo(file, 1, 3);
	MUST(close(file));

	/* The 4096-byte buffer of the legacy ABI exceeds the MTU. */
	old = session_old(test);
	EXPECT_ERROR(write(old, data, 33), EIO);
	session_send(old, data, 32);
	EXPECT_EQ(MUST(read(old, buffer, sizeof(buffer))), 32);
}

static void most(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info;
	static char data[16385];
	int file, i;

	load_with(test, "max_hmcs=8 buf_pool_size=64 max_mtu=16384",
		  "hmcs=8 pool=64 mtu=16384");
	for (i = 0; i < 8; i++) {
		file = session_new(test, i);
		session_echo(file, 16384, i);
	}
	device_info(file, &info);
	EXPECT_EQ(info.hmcs, 8);
	EXPECT_EQ(info.pool, 64);
	EXPECT_EQ(info.mtu, 16384);
	EXPECT_EQ(info.buffers, 64);
	session_echo(file, 16383, 1);
	session_echo(file, 4097, 2);
	EXPECT_ERROR(write(file, data, sizeof(data)), EMSGSIZE);
}

/* Module parameters cannot be written after loading. (D-7) */
static void parameters(const struct abi_test *test)
{
	static const char *const names[] = { "max_hmcs", "buf_pool_size",
					     "max_mtu" };
	char path[128];
	struct stat status;
	unsigned int i;

	(void)test;
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/sys/module/ibmvmc/parameters/%s",
			 names[i]);
		MUST(stat(path, &status));
		EXPECT_EQ(status.st_mode & 0777, 0444);
	}
}

const struct abi_case abi_modules_cases[] = {
	CASE("abi.modules.parameters", "module parameters are read-only",
	     parameters),
	CASE("abi.modules.no-device",
	     "each call returns its documented error without a provider",
	     no_device, .loads = true),
	CASE("abi.modules.in-use",
	     "the driver cannot be unloaded while a file is open", in_use,
	     .loads = true),
	CASE("abi.modules.needed",
	     "a module that another one uses cannot be unloaded", needed,
	     .loads = true),
	CASE("abi.modules.device",
	     "unloading the module of the device ends all waits", device_goes,
	     .needs = BROKEN_NEEDS, .loads = true),
	CASE("abi.modules.again",
	     "all modules can be unloaded and loaded ten times", again,
	     .limit = 300, .loads = true),
	CASE("abi.modules.few",
	     "a hypervisor may have fewer indices than the driver", few_indices,
	     .loads = true),
	CASE("abi.modules.least", "the smallest limits work", least,
	     .loads = true),
	CASE("abi.modules.most", "large limits work", most, .loads = true),
	{ 0 }
};
