// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Request for a device: its answer comes as an event. A hypervisor that gives a
 * device is only there with the driver: tests/vm/device.py.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/wait.h>

#include "device/chardev/request.h"
#include "node-helper.h"

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
	struct privilege *privilege = node_helper_new(path);
	struct chardev_request request = { .ended = ended, .data = &calls };

	cr_assert_eq(chardev_request_start(&request, privilege), 0);
	cr_expect_eq(chardev_request_start(&request, privilege), -EBUSY);
	cr_assert_eq(calls, 0);
	while (!calls)
		g_main_context_iteration(NULL, TRUE);
	cr_expect_eq(result, error, "%d", result);
	privilege_free(privilege);
	cr_expect_eq(waitpid(-1, NULL, 0), -1, "a child is left");
	cr_expect_eq(errno, ECHILD);
}

Test(chardev_request, a_node_that_is_missing_is_no_device)
{
	expect_result("/dev/there-is-none", -ENODEV);
}

Test(chardev_request, another_device_cannot_be_asked)
{
	expect_result("/dev/null", -ENOTTY);
}
