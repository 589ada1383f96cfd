// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The child that asks for a device: its end comes as an event, whatever it is.
 * A hypervisor that gives one is only there with the driver.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "device/chardev-request.h"

static struct chardev_request *request;
static guint calls;
static int result;

TestSuite(chardev_request, .timeout = 60);

static void ended(void *data, int error)
{
	cr_assert_eq(data, &calls);
	g_clear_pointer(&request, chardev_request_free);
	result = error;
	calls++;
}

static void expect_result(const char *path, int error)
{
	cr_assert_eq(chardev_request_new(path, ended, &calls, &request), 0);
	cr_assert_eq(calls, 0);
	while (!calls)
		g_main_context_iteration(NULL, TRUE);
	cr_expect_eq(result, error, "%d", result);
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

/*
 * A lease makes who opens the file sleep, and tells its holder that somebody
 * does: here the child in its call of open(2).
 */
static char *new_sleeper(sigset_t *told)
{
	char *path = NULL;
	int fd = g_file_open_tmp(NULL, &path, NULL);

	sigemptyset(told);
	sigaddset(told, SIGIO);
	cr_assert_eq(sigprocmask(SIG_BLOCK, told, NULL), 0);
	cr_assert_geq(fd, 0);
	cr_assert_eq(fcntl(fd, F_SETLEASE, F_WRLCK), 0);
	return path;
}

Test(chardev_request, one_that_sleeps_is_ended)
{
	sigset_t told;
	g_autofree char *path = new_sleeper(&told);
	int number, status;

	cr_assert_eq(chardev_request_new(path, ended, &calls, &request), 0);
	cr_assert_eq(sigwait(&told, &number), 0);
	cr_expect_not(g_main_context_iteration(NULL, FALSE));
	chardev_request_free(request);
	if (waitpid(-1, &status, 0) > 0)
		cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	cr_expect_eq(waitpid(-1, NULL, 0), -1, "a child is left");
	cr_expect_eq(calls, 0);
	unlink(path);
}
