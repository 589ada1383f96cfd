// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sharing: expects a session to belong to the open file description, that is,
 * to all its descriptors in any process. Threads are tested in abi-threads.c.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "process.h"
#include "session.h"

static void two(const struct abi_test *test)
{
	int first = session_old(test);
	int second = session_old(test);
	int i;

	for (i = 0; i < 5; i++) {
		session_send_pattern(first, 20 + i, i);
		session_send_pattern(second, 50 + i, 100 + i);
	}
	for (i = 0; i < 5; i++) {
		session_receive_pattern(second, 50 + i, 100 + i);
		session_receive_pattern(first, 20 + i, i);
	}
	MUST(close(first));
	session_echo(second, 20, 1);
}

static void copies(const struct abi_test *test)
{
	int file = session_old(test);
	int copy = MUST(dup(file));

	session_send_pattern(file, 20, 1);
	MUST(close(file));
	session_receive_pattern(copy, 20, 1);
	session_echo(copy, 20, 2);
}

static void use(void *data)
{
	int file = *(int *)data;

	session_receive_pattern(file, 20, 1);
	session_send_pattern(file, 30, 2);
}

static void forked(const struct abi_test *test)
{
	int file = session_old(test);

	session_send_pattern(file, 20, 1);
	process_join(process_start(use, &file));
	session_receive_pattern(file, 30, 2);
	session_echo(file, 20, 3);
}

static void put_file(int socket, int file)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memset(&control, 0, sizeof(control));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &file, sizeof(int));
	EXPECT_EQ(MUST(sendmsg(socket, &message, 0)), 1);
}

static int get_file(int socket)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int file;

	EXPECT_EQ(MUST(recvmsg(socket, &message, 0)), 1);
	EXPECT_EQ(control.head.cmsg_type, SCM_RIGHTS);
	memcpy(&file, CMSG_DATA(&control.head), sizeof(int));
	return file;
}

static void receive_and_use(void *data)
{
	int *sockets = data;

	close(sockets[0]);
	use((int[]){ get_file(sockets[1]) });
}

/* For a moment only the message with the descriptor references the file. */
static void passed(const struct abi_test *test)
{
	int sockets[2];
	int file = session_old(test);
	pid_t pid;

	MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets));
	session_send_pattern(file, 20, 1);
	put_file(sockets[0], file);
	MUST(close(file));
	file = get_file(sockets[1]);
	pid = process_start(receive_and_use, sockets);
	put_file(sockets[0], file);
	process_join(pid);
	session_receive_pattern(file, 30, 2);
	session_echo(file, 20, 3);
}

const struct abi_case compat_share_cases[] = {
	CASE("compat.share.two", "two sessions do not affect each other", two),
	CASE("compat.share.dup",
	     "the close of a duplicated descriptor does not end the session",
	     copies),
	CASE("compat.share.fork",
	     "a child shares the session and may end without ending it",
	     forked),
	CASE("compat.share.scm-rights",
	     "a session can be passed to another process", passed),
	{ 0 }
};
