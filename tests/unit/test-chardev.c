// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Character device: tests a start without a device. Tests with a device are
 * tests/vm/device.py and the file-system tests in a guest.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "device/chardev/chardev.h"
#include "node-helper.h"

static void expect_failure(const char *path, int error, const char *words)
{
	g_autofree char *why = NULL;
	struct privilege *privilege = node_helper_new(path);
	struct device *device = NULL;

	cr_expect_eq(device_chardev_new(path, privilege, &device, &why), error);
	privilege_free(privilege);
	cr_expect_null(device);
	cr_assert_not_null(why);
	cr_expect(strstr(why, words), "'%s'", why);
}

Test(chardev, start_fails_without_a_driver)
{
	expect_failure("/dev/there-is-none", -ENODEV,
		       "/dev/there-is-none does not exist");
	expect_failure("/dev/null", -ENODEV,
		       "/dev/null is not a Virtual Management Channel");
	expect_failure("/proc", -ENODEV, "/proc is not a character device");
}

Test(chardev, errors_contain_the_absolute_path)
{
	g_autofree char *directory = g_get_current_dir();
	g_autofree char *whole =
		g_build_filename(directory, "there-is-none", NULL);

	expect_failure("there-is-none", -ENODEV, whole);
}
