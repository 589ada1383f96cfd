// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Session of the character device: tests the common behaviour of both drivers,
 * on a socket that keeps message boundaries as the device does, and an end that
 * the in-tree driver reports early. Other behaviour of one driver only is
 * tested by tests/vm/device.py.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device/chardev/session.h"

static struct chardev_channel channel;
static struct chardev_session session;
static int peer;
static gssize received;

static void note_received(struct chardev_session *of, gssize result)
{
	cr_assert_eq(of, &session);
	received = result;
}

static const struct chardev_driver driver = { .received = note_received };

static void setup(void)
{
	int fds[2];

	cr_assert_eq(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	peer = fds[0];
	session = (struct chardev_session){
		.driver = &driver,
		.channel = &channel,
		.fd = fds[1],
		.state = CHARDEV_SESSION_READY,
		.mtu = 64,
		.left = 10,
	};
}

static void teardown(void)
{
	close(session.fd);
	close(peer);
}

TestSuite(chardev_session, .init = setup, .fini = teardown, .timeout = 60);

static void expect_message(const char *text)
{
	guint8 buffer[64];
	guint32 room = 0;
	gsize len = strlen(text);

	cr_assert_eq(chardev_session_next(&session, &room), 0);
	cr_assert_eq(room, 64);
	cr_assert_eq(chardev_session_receive(&session, buffer, room), len);
	cr_expect_arr_eq(buffer, text, len);
}

static void expect_none(void)
{
	guint32 room = 99;

	cr_expect_eq(chardev_session_next(&session, &room), -EAGAIN);
	cr_expect_eq(room, 99);
}

Test(chardev_session, returns_messages_in_order)
{
	expect_none();
	cr_assert_eq(send(peer, "one", 3, 0), 3);
	cr_assert_eq(send(peer, "two more", 8, 0), 8);
	expect_message("one");
	expect_message("two more");
	expect_none();
}

Test(chardev_session, reports_a_spurious_readiness_as_no_message)
{
	guint8 buffer[64];
	guint32 room;

	session.readable = TRUE;
	cr_expect_eq(chardev_session_next(&session, &room), 0);
	cr_expect_eq(chardev_session_receive(&session, buffer, room), -EAGAIN);
	cr_expect_eq(received, -EAGAIN);
	expect_none();
}

Test(chardev_session, returns_no_more_messages_than_its_turn_allows)
{
	session.left = 1;
	cr_assert_eq(send(peer, "one", 3, 0), 3);
	cr_assert_eq(send(peer, "two", 3, 0), 3);
	expect_message("one");
	expect_none();
	session.left = 1;
	expect_message("two");
}

Test(chardev_session, has_no_message_before_it_is_open)
{
	cr_assert_eq(send(peer, "one", 3, 0), 3);
	session.state = CHARDEV_SESSION_OPENING;
	expect_none();
	session.state = CHARDEV_SESSION_DEAD;
	expect_message("one");
}

Test(chardev_session, a_probe_loses_no_message)
{
	chardev_session_probe(&session);
	cr_expect_eq(received, -EAGAIN);
	cr_expect_not(session.noted);

	/* The message arrives between the check of a probe and its read. */
	session.early = g_bytes_new_static("early", 5);
	session.readable = TRUE;
	cr_assert_eq(send(peer, "late", 4, 0), 4);
	chardev_session_probe(&session);
	expect_message("early");
	expect_message("late");
	expect_none();
}

Test(chardev_session, keeps_the_first_reason_of_its_end)
{
	chardev_session_end(&session, -ECONNRESET);
	chardev_session_end(&session, -EIO);
	cr_expect_eq(session.state, CHARDEV_SESSION_DEAD);
	cr_expect_eq(session.error, -ECONNRESET);
	cr_expect(session.noted);
	cr_expect(channel.noted);
}

/* poll(2) of a pipe without a reader returns POLLERR only. */
Test(chardev_session, the_end_of_an_opening_session_is_no_failed_read)
{
	g_autofree struct chardev_session *opening =
		g_malloc0(chardev_in_tree.session_size);
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	close(fds[0]);
	opening->driver = &chardev_in_tree;
	opening->channel = &channel;
	opening->fd = fds[1];
	opening->state = CHARDEV_SESSION_OPENING;
	chardev_in_tree.event(opening, G_IO_ERR, FALSE);
	cr_expect_eq(opening->state, CHARDEV_SESSION_DEAD);
	cr_expect_eq(opening->error, -ECONNRESET, "%d", opening->error);
	close(fds[1]);
}
