// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sentences for what is no channel, tried on what every machine has. What is
 * one is only there with the driver: tests/vm/device.py.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device/chardev/node.h"
#include "node-helper.h"

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

Test(chardev_node, one_that_is_missing_wants_the_driver)
{
	int fd = -2;

	cr_expect_eq(open_node("/dev/there-is-none", &fd), -ENODEV);
	expect_sentence("/dev/there-is-none", "does not exist");
	expect_sentence("/dev/there-is-none", "modprobe ibmvmc");
	cr_expect_eq(fd, -2);
}

Test(chardev_node, one_below_a_file_is_missing)
{
	int fd;

	cr_expect_eq(open_node("/dev/null/x", &fd), -ENODEV);
	expect_sentence("/dev/null/x", "does not exist");
}

Test(chardev_node, a_file_is_none)
{
	int fd;

	cr_expect_eq(open_node("/proc/version", &fd), -ENODEV);
	expect_sentence("/proc/version", "is not a character device");
}

Test(chardev_node, a_directory_that_may_not_be_searched)
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

Test(chardev_node, another_device_is_not_taken_for_one)
{
	enum chardev_driver driver = CHARDEV_DRIVER_NONE;
	int fd;

	cr_assert_eq(open_node("/dev/null", &fd), 0);
	cr_expect_eq(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
		     O_RDWR | O_NONBLOCK);
	cr_expect_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	cr_expect_eq(chardev_node_recognise("/dev/null", fd, &driver, &why),
		     -ENODEV);
	expect_sentence("/dev/null", "is not a Virtual Management Channel");
	cr_expect_eq(driver, CHARDEV_DRIVER_NONE);
	close(fd);
}

Test(chardev_node, every_driver_has_a_word)
{
	cr_expect_str_eq(chardev_node_word(CHARDEV_DRIVER_NONE), "none");
	cr_expect_str_eq(chardev_node_word(CHARDEV_DRIVER_VMCFS), "vmcfs");
	cr_expect_str_eq(chardev_node_word(CHARDEV_DRIVER_IN_TREE), "in-tree");
}
