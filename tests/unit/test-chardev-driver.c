// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Driver: errors, conversions and sentences on nodes that every machine has.
 * tests/vm/device.py tests nodes of a real driver.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/chardev/driver.h"
#include "node-helper.h"

static const struct chardev_driver *const drivers[] = {
	&chardev_native,
	&chardev_in_tree,
	NULL,
};

static char *why;
static struct privilege *privilege;

static void teardown(void)
{
	privilege_free(privilege);
	g_free(why);
}

static int open_node(const char *path, int *fd)
{
	privilege = node_helper_new(path);
	return chardev_node_open(privilege, path, -1, fd, &why);
}

TestSuite(chardev_node, .fini = teardown, .timeout = 60);

static void expect_sentence(const char *path, const char *words)
{
	cr_assert_not_null(why);
	cr_expect(g_str_has_prefix(why, path), "'%s'", why);
	cr_expect(strstr(why, words), "'%s'", why);
}

Test(chardev_node, a_missing_node_names_the_driver_to_load)
{
	int fd = -2;

	cr_expect_eq(open_node("/dev/there-is-none", &fd), -ENODEV);
	expect_sentence("/dev/there-is-none", "does not exist");
	expect_sentence("/dev/there-is-none", "modprobe ibmvmc");
	cr_expect_eq(fd, -2);
}

Test(chardev_node, a_node_below_a_file_is_missing)
{
	int fd;

	cr_expect_eq(open_node("/dev/null/x", &fd), -ENODEV);
	expect_sentence("/dev/null/x", "does not exist");
}

Test(chardev_node, a_regular_file_is_not_a_node)
{
	int fd;

	cr_expect_eq(open_node("/proc/version", &fd), -ENODEV);
	expect_sentence("/proc/version", "is not a character device");
}

Test(chardev_node, an_unsearchable_directory_names_root)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *path = g_build_filename(directory, "node", NULL);
	int fd;

	cr_assert_not_null(directory);
	cr_assert_eq(chmod(directory, 0), 0);
	if (!geteuid())
		cr_assert_eq(seteuid(65534), 0);
	cr_expect_eq(open_node(path, &fd), -EACCES);
	expect_sentence(path, "run vmcfs as root");
	if (!getuid())
		cr_assert_eq(seteuid(0), 0);
	rmdir(directory);
}

Test(chardev_node, another_device_is_refused)
{
	const struct chardev_driver *driver = NULL;
	int fd;

	cr_assert_eq(open_node("/dev/null", &fd), 0);
	cr_expect_eq(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
		     O_RDWR | O_NONBLOCK);
	cr_expect_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	cr_expect_eq(chardev_driver_recognise(drivers, "/dev/null", fd, &driver,
					      &why),
		     -ENODEV);
	expect_sentence("/dev/null", "is not a Virtual Management Channel");
	cr_expect_null(driver);
	close(fd);
}

Test(chardev_node, every_driver_has_a_name)
{
	cr_expect_str_eq(chardev_driver_name(NULL), "none");
	cr_expect_str_eq(chardev_driver_name(&chardev_native), "vmcfs");
	cr_expect_str_eq(chardev_driver_name(&chardev_in_tree), "in-tree");
}

Test(chardev_error, an_index_in_use_belongs_to_another_process)
{
	const char *ours =
		chardev_open_error(&chardev_native, DEVICE_READY, -EBUSY);
	const char *in_tree =
		chardev_open_error(&chardev_in_tree, DEVICE_READY, -EBUSY);

	cr_expect(strstr(ours, "in use by another process"));
	cr_expect(strstr(in_tree, "in use by another process"));
	cr_expect(strstr(in_tree, "no more of them"));
}

Test(chardev_error, a_missing_channel_names_request_vmc)
{
	cr_expect(strstr(chardev_open_error(&chardev_native, DEVICE_DOWN,
					    -ENODEV),
			 "request-vmc"));
	cr_expect_not(strstr(chardev_open_error(&chardev_native,
						DEVICE_CONNECTING, -ENODEV),
			     "request-vmc"));
}

Test(chardev_error, the_in_tree_driver_chooses_the_index)
{
	cr_expect(strstr(chardev_open_error(&chardev_in_tree, DEVICE_READY,
					    -ENXIO),
			 "open them first"));
}

Test(chardev_error, a_broken_in_tree_driver_must_be_loaded_again)
{
	cr_expect(
		strstr(chardev_open_error(&chardev_in_tree, DEVICE_READY, -EIO),
		       "load it again"));
	cr_expect(strstr(chardev_open_error(&chardev_in_tree, DEVICE_READY,
					    -ETIMEDOUT),
			 "load it again"));
	cr_expect_null(chardev_open_error(&chardev_native, DEVICE_READY, -EIO));
}

Test(chardev_error, too_many_waiting_sessions_name_the_parameter)
{
	static const int errors[] = { -EUSERS, -ENFILE };
	unsigned int i;

	for (i = 0; i < 2; i++)
		cr_expect(strstr(chardev_open_error(&chardev_native,
						    DEVICE_READY, errors[i]),
				 "max_waiting="));
}

Test(chardev_error, other_errors_come_from_the_table)
{
	cr_expect_null(
		chardev_open_error(&chardev_native, DEVICE_READY, -ETIMEDOUT));
	cr_expect_null(chardev_open_error(&chardev_in_tree, DEVICE_READY,
					  -ECONNREFUSED));
}

Test(chardev_info, every_state_of_the_channel_is_converted)
{
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_RESETTING),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_NONE), DEVICE_DOWN);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_INITIALIZING),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_CAPABILITIES),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_READY), DEVICE_READY);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_FAILED), DEVICE_FAILED);
	cr_expect_eq(chardev_info_state(77), DEVICE_CONNECTING);
}

Test(chardev_info, all_values_of_the_channel_are_converted)
{
	const struct ibmvmc_ioc_info from = {
		.channel_state = IBMVMC_CHANNEL_READY,
		.last_reset = IBMVMC_RESET_SELF,
		.resets = (guint64)1 << 40,
		.drc_index = 0x30000010,
		.hmcs = 4,
		.pool = 32,
		.mtu = 8192,
	};
	struct device_info to;

	chardev_info_channel(&from, &to);
	cr_expect_eq(to.state, DEVICE_READY);
	cr_expect_eq(to.hmcs, 4);
	cr_expect_eq(to.mtu, 8192);
	cr_expect_eq(to.pool, 32);
	cr_expect_eq(to.drc_index, 0x30000010);
	cr_expect_eq(to.resets, (guint64)1 << 40);
	cr_expect_str_eq(to.last_reset, "the channel was reset by this side");
}

Test(chardev_info, the_number_of_offered_indices_is_limited_to_the_maximum)
{
	const struct ibmvmc_ioc_info from = { .hmcs = G_MAXUINT32 };
	struct device_info to;

	chardev_info_channel(&from, &to);
	cr_expect_eq(to.hmcs, VMC_HMCS_MAX);
}

Test(chardev_info, all_values_of_a_session_are_converted)
{
	const struct ibmvmc_ioc_info from = {
		.hmc_session = 7,
		.buffers = 32,
		.buffers_free = 16,
	};
	struct device_hmc_info to;

	chardev_info_hmc(&from, &to);
	cr_expect_eq(to.session, 7);
	cr_expect_eq(to.buffers, 32);
	cr_expect_eq(to.buffers_free, 16);
	cr_expect_not(to.unproven);
}

Test(chardev_info, errors_of_an_open_are_converted_to_those_of_the_tree)
{
	cr_expect_eq(chardev_info_open_error(-EBUSY, FALSE), -EBUSY);
	cr_expect_eq(chardev_info_open_error(-EBUSY, TRUE), -ETIMEDOUT);
	cr_expect_eq(chardev_info_open_error(-ENOBUFS, TRUE), -ETIMEDOUT);
	cr_expect_eq(chardev_info_open_error(-EINVAL, FALSE), -ENODEV);
	for (int waited = 0; waited < 2; waited++) {
		cr_expect_eq(chardev_info_open_error(-ECONNREFUSED, waited),
			     -ECONNREFUSED);
		cr_expect_eq(chardev_info_open_error(-ENODEV, waited), -ENODEV);
	}
}

static void expect_everywhere(int fd, int error)
{
	const guint8 hmc_id[IBMVMC_HMC_ID_LEN] = "me";
	struct ibmvmc_query query = { .state = 77 };
	struct ibmvmc_ioc_info info = { .mtu = 77 };

	cr_expect_eq(chardev_ioctl_query(fd, &query), error);
	cr_expect_eq(query.state, 77);
	cr_expect_eq(chardev_ioctl_info(fd, &info), error);
	cr_expect_eq(info.mtu, 77);
	cr_expect_eq(chardev_ioctl_open(fd, 0, hmc_id, 1), error);
	cr_expect_eq(chardev_ioctl_set_hmc_id(fd, hmc_id), error);
	cr_expect_eq(chardev_ioctl_request_vmc(fd), error);
}

Test(chardev_ioctl, returns_the_errno)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	expect_everywhere(fd, -ENOTTY);
	close(fd);
	expect_everywhere(-1, -EBADF);
}

static guint calls;
static int result;

TestSuite(chardev_request, .timeout = 60);

static void ended(void *data, int error)
{
	cr_assert_eq(data, &calls);
	result = error;
	calls++;
}

static void expect_result(const char *path, int error)
{
	struct chardev_request request = { .ended = ended, .data = &calls };

	privilege = node_helper_new(path);
	cr_assert_eq(chardev_request_start(&request, privilege), 0);
	cr_expect_eq(chardev_request_start(&request, privilege), -EBUSY);
	cr_assert_eq(calls, 0);
	while (!calls)
		g_main_context_iteration(NULL, TRUE);
	cr_expect_eq(result, error, "%d", result);
	g_clear_pointer(&privilege, privilege_free);
	cr_expect_eq(waitpid(-1, NULL, 0), -1, "a child is left");
	cr_expect_eq(errno, ECHILD);
}

Test(chardev_request, a_missing_node_returns_an_error)
{
	expect_result("/dev/there-is-none", -ENODEV);
}

Test(chardev_request, another_device_returns_an_error)
{
	expect_result("/dev/null", -ENOTTY);
}
