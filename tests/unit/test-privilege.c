// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Helper: tests the privileged helper and requests to it, with actions of the
 * test. The actions of the daemon are tested by tests/fs/privileges.py and
 * mounting.py.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "privilege/internal.h"
#include "privilege/privilege.h"

static struct privilege *privilege;
static int marks[2]; /* sockets: the helper writes to the second */
static guint calls;
static int result;

static void mark(char what)
{
	cr_assert_eq(write(marks[1], &what, 1), 1);
}

static int open_null(void *data, int *fd)
{
	cr_assert_eq(data, marks);
	*fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return *fd < 0 ? -errno : 0;
}

static int fail(void *data, int *fd)
{
	(void)data;
	(void)fd;
	return -EXDEV;
}

static int sleep_for_ever(void *data, int *fd)
{
	(void)data;
	(void)fd;
	/* The helper ends with the test. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	mark('s');
	return poll(NULL, 0, -1);
}

static int open_when_allowed(void *data, int *fd)
{
	char byte;

	return read(marks[1], &byte, 1) == 1 ? open_null(data, fd) : -EIO;
}

static int fail_slowly(void *data, int *fd)
{
	(void)data;
	(void)fd;
	return -EDOM;
}

static void on_end(void *data)
{
	(void)data;
	mark('e');
}

static struct helper_table table = {
	.actions = {
		[HELPER_MOUNT] = { .run = open_null },
		[HELPER_UNMOUNT] = { .run = fail },
		[HELPER_REQUEST_VMC] = { .run = fail_slowly, .slow = TRUE },
	},
	.ended = on_end,
	.data = marks,
};

static void start(void)
{
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, marks),
		     0);
	table.descriptors[0] = marks[1];
	cr_assert_eq(privilege_start(&table, 0, &privilege), 0);
	close(marks[1]);
}

static void expect_mark(char what)
{
	char got = 0;

	cr_expect_eq(read(marks[0], &got, 1), 1);
	cr_expect_eq(got, what, "%c", got);
}

static void answered(void *data, int error)
{
	cr_assert_eq(data, &calls);
	result = error;
	calls++;
}

static void wait_for_answer(void)
{
	while (!calls)
		g_main_context_iteration(NULL, TRUE);
}

TestSuite(privilege, .timeout = 60);

Test(privilege, a_response_contains_a_descriptor_or_an_error)
{
	int fd = -2;

	start();
	cr_expect_eq(privilege_call(privilege, HELPER_MOUNT, -1, &fd), 0);
	cr_expect_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	cr_expect_eq(close(fd), 0);
	cr_expect_eq(privilege_call(privilege, HELPER_UNMOUNT, -1, &fd),
		     -EXDEV);
	cr_expect_eq(fd, -1);
	cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, -1, NULL),
		     -EOPNOTSUPP);
	cr_expect_eq(privilege_call(privilege, HELPER_VERBS, -1, NULL),
		     -EOPNOTSUPP);
	privilege_free(privilege);
}

Test(privilege, the_helper_ends_with_the_daemon_after_its_end_action)
{
	start();
	privilege_free(privilege);
	expect_mark('e');
	cr_expect_eq(waitpid(-1, NULL, 0), -1, "a child is left");
}

Test(privilege, a_slow_request_is_answered_from_the_main_loop)
{
	start();
	cr_assert_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     0);
	cr_expect_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     -EBUSY);
	cr_expect_eq(calls, 0);
	wait_for_answer();
	cr_expect_eq(result, -EDOM, "%d", result);
	privilege_free(privilege);
}

Test(privilege, a_slow_request_delays_no_other_and_ends_with_the_helper)
{
	char byte;

	table.actions[HELPER_REQUEST_VMC].run = sleep_for_ever;
	start();
	cr_assert_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     0);
	expect_mark('s');
	cr_expect_eq(privilege_call(privilege, HELPER_UNMOUNT, -1, NULL),
		     -EXDEV);
	privilege_forget(privilege);
	privilege_free(privilege);
	expect_mark('e');
	/*
	 * The stream ends when the last process that can write to it has
	 * ended.
	 */
	cr_expect_eq(read(marks[0], &byte, 1), 0);
	cr_expect_eq(calls, 0);
}

Test(privilege, a_call_ends_at_its_timeout)
{
	int fd;

	table.actions[HELPER_OPEN_NODE].run = sleep_for_ever;
	start();
	cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, 50, &fd),
		     -ETIMEDOUT);
	expect_mark('s');
}

Test(privilege, a_call_without_a_timeout_can_be_interrupted)
{
	int fd, ends[2];

	cr_assert_eq(pipe(ends), 0);
	table.actions[HELPER_OPEN_NODE].run = open_when_allowed;
	start();
	privilege_interrupt_by(privilege, ends[0]);
	cr_assert_eq(write(ends[1], "", 1), 1);
	cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, -1, &fd),
		     -EINTR);
	privilege_interrupt_by(privilege, -1);
	cr_assert_eq(write(marks[0], "a", 1), 1);
	cr_expect_eq(privilege_call(privilege, HELPER_UNMOUNT, -1, NULL),
		     -EXDEV);
	privilege_free(privilege);
}

static int report_a_time_out(void *data, int *fd)
{
	(void)data;
	(void)fd;
	return -ETIMEDOUT;
}

static int succeed(void *data, int *fd)
{
	(void)data;
	(void)fd;
	return 0;
}

Test(privilege, a_timeout_of_an_action_is_returned)
{
	table.actions[HELPER_OPEN_NODE].run = report_a_time_out;
	table.actions[HELPER_MOUNT].run = succeed;
	start();
	for (int i = 0; i < 2; i++)
		cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, -1,
					    NULL),
			     -ETIMEDOUT);
	cr_expect_eq(privilege_call(privilege, HELPER_MOUNT, -1, NULL), 0);
	privilege_free(privilege);
}

Test(privilege, a_late_request_blocks_no_second_call)
{
	int fd = -2, error;

	table.actions[HELPER_OPEN_NODE].run = open_when_allowed;
	start();
	cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, 50, &fd),
		     -ETIMEDOUT);
	cr_expect_eq(privilege_call(privilege, HELPER_OPEN_NODE, -1, &fd),
		     -ETIMEDOUT);
	cr_expect_eq(fd, -2);
	cr_assert_eq(write(marks[0], "ab", 2), 2);
	do {
		error = privilege_call(privilege, HELPER_OPEN_NODE, -1, &fd);
	} while (error == -ETIMEDOUT);
	cr_expect_eq(error, 0, "%d", error);
	cr_expect_eq(close(fd), 0);
	privilege_free(privilege);
}

static pid_t only_child(void)
{
	g_autofree char *path =
		g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
	g_autofree char *text = NULL;

	cr_assert(g_file_get_contents(path, &text, NULL, NULL));
	return (pid_t)g_ascii_strtoll(text, NULL, 10);
}

static void limit_descriptors(pid_t helper, gboolean limited)
{
	struct rlimit limit;

	cr_assert_eq(prlimit(helper, RLIMIT_NOFILE, NULL, &limit), 0);
	/* poll(2) of three files needs a limit of three. */
	limit.rlim_cur = limited ? 3 : limit.rlim_max;
	cr_assert_eq(prlimit(helper, RLIMIT_NOFILE, &limit, NULL), 0);
}

static void expect_slow_answer(int error)
{
	calls = 0;
	cr_assert_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     0);
	wait_for_answer();
	cr_expect_eq(result, error, "%d", result);
}

Test(privilege, a_slow_request_fails_if_its_child_cannot_be_watched)
{
	start();
	limit_descriptors(only_child(), TRUE);
	expect_slow_answer(-EMFILE);
	limit_descriptors(only_child(), FALSE);
	expect_slow_answer(-EDOM);
	privilege_free(privilege);
}

Test(privilege, a_descriptor_above_the_limit_is_an_error_of_its_call_only)
{
	int fd = -2;

	start();
	limit_descriptors(getpid(), TRUE);
	cr_expect_eq(privilege_call(privilege, HELPER_MOUNT, -1, &fd), -EMFILE);
	cr_expect_eq(fd, -1);
	limit_descriptors(getpid(), FALSE);
	cr_expect_eq(privilege_call(privilege, HELPER_MOUNT, -1, &fd), 0);
	cr_expect_eq(close(fd), 0);
	privilege_free(privilege);
}

Test(privilege, a_stopped_helper_does_not_keep_the_daemon_from_ending)
{
	pid_t helper;

	start();
	helper = only_child();
	cr_assert_eq(kill(helper, SIGSTOP), 0);
	cr_expect_eq(privilege_call(privilege, HELPER_UNMOUNT, 50, NULL),
		     -ETIMEDOUT);
	privilege_free(privilege);
	cr_assert_eq(kill(helper, SIGCONT), 0);
	expect_mark('e');
	cr_expect_eq(waitpid(helper, NULL, 0), helper);
}

Test(privilege, without_a_helper_requests_fail)
{
	int fd;

	start();
	cr_assert_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     0);
	wait_for_answer();
	calls = 0;
	cr_assert_eq(kill(only_child(), SIGKILL), 0);
	cr_expect_eq(privilege_call(privilege, HELPER_MOUNT, -1, &fd), -EPIPE);
	cr_expect_eq(privilege_request(privilege, HELPER_REQUEST_VMC, answered,
				       &calls),
		     -EPIPE);
	privilege_free(privilege);
}

/* A compromised daemon can send anything. */
Test(privilege, a_malformed_request_ends_the_helper)
{
	const struct helper_request request = { .verb = HELPER_UNMOUNT };
	int ends[2], status;
	pid_t child;

	for (int kind = 0; kind < 3; kind++) {
		cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
		cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
					marks),
			     0);
		child = fork();
		if (!child) {
			close(ends[0]);
			helper_run(ends[1], &table);
		}
		close(marks[1]);
		close(ends[1]);
		if (kind == 0)
			descriptor_send(ends[0], &request, 3, -1);
		else if (kind == 1)
			descriptor_send(ends[0], (char[64]){ 0 }, 64, -1);
		else
			descriptor_send(ends[0], &request, sizeof(request), 0);
		cr_assert_eq(waitpid(child, &status, 0), child);
		cr_expect(WIFEXITED(status) && !WEXITSTATUS(status));
		expect_mark('e');
		close(ends[0]);
		close(marks[0]);
	}
}
