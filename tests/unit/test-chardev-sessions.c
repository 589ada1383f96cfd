// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions of the character device: tests the reports of sessions and their
 * order, on sockets that keep message boundaries as the device does. It does
 * not test a driver.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defaults.h"
#include "device/chardev/session.h"

static struct device device;
static struct chardev_channel channel;
static struct chardev_sessions sessions;
static int peer;
static GString *heard;
static gboolean close_when_readable;

static void on_opened(void *data, guint index, int error)
{
	(void)data;
	g_string_append_printf(heard, "opened %u %d;", index, error);
}

static void on_readable(void *data, guint index)
{
	guint8 buffer[64];
	guint32 room;
	guint count = 0;

	(void)data;
	while (!chardev_session_next(sessions.at[index], &room) &&
	       chardev_session_receive(sessions.at[index], buffer, room) >= 0)
		count++;
	g_string_append_printf(heard, "read %u;", count);
	if (close_when_readable)
		chardev_sessions_drop(&sessions, index);
}

static void on_writable(void *data, guint index)
{
	(void)data;
	g_string_append_printf(heard, "writable %u;", index);
}

static void on_message_lost(void *data, guint index, guint count, int error)
{
	(void)data;
	(void)error;
	g_string_append_printf(heard, "message lost %u %u;", index, count);
}

static void on_lost(void *data, guint index, int error)
{
	(void)data;
	cr_expect_null(sessions.at[index]);
	g_string_append_printf(heard, "lost %u %d;", index, error);
}

static const struct device_listener listener = {
	.opened = on_opened,
	.readable = on_readable,
	.writable = on_writable,
	.message_lost = on_message_lost,
	.lost = on_lost,
};

static void note_received(struct chardev_session *session, gssize result)
{
	(void)session;
	(void)result;
}

static const struct chardev_driver driver = { .received = note_received };

static void add_session(guint index)
{
	struct chardev_session *session = g_new0(struct chardev_session, 1);
	int fds[2];

	cr_assert_eq(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	peer = fds[0];
	session->driver = &driver;
	session->channel = &channel;
	session->fd = fds[1];
	session->mtu = 64;
	session->batch = 1;
	sessions.at[index] = session;
}

static void setup(void)
{
	heard = g_string_new(NULL);
	device_listen(&device, &listener, NULL);
	sessions.device = &device;
	sessions.turn = 100;
	add_session(2);
}

static void teardown(void)
{
	chardev_sessions_clear(&sessions);
	close(peer);
	g_string_free(heard, TRUE);
}

TestSuite(chardev_sessions, .init = setup, .fini = teardown, .timeout = 60);

static void expect_heard(const char *what)
{
	g_string_truncate(heard, 0);
	chardev_sessions_notify(&sessions);
	cr_expect_str_eq(heard->str, what);
}

static void be_ready(void)
{
	sessions.at[2]->state = CHARDEV_SESSION_READY;
	sessions.at[2]->announced = TRUE;
}

static void send_some(guint count)
{
	for (guint i = 0; i < count; i++)
		cr_assert_eq(send(peer, "x", 1, 0), 1);
	sessions.at[2]->readable = TRUE;
	chardev_session_mark(sessions.at[2]);
}

Test(chardev_sessions, an_open_is_reported_once)
{
	expect_heard("");
	chardev_session_mark(sessions.at[2]);
	expect_heard("");
	sessions.at[2]->state = CHARDEV_SESSION_READY;
	chardev_session_mark(sessions.at[2]);
	expect_heard("opened 2 0;");
	chardev_session_mark(sessions.at[2]);
	expect_heard("");
}

Test(chardev_sessions, a_failed_open_leaves_no_session)
{
	chardev_session_end(sessions.at[2], -EBUSY);
	expect_heard("opened 2 -16;");
	cr_expect_null(sessions.at[2]);
	expect_heard("");
}

Test(chardev_sessions, an_end_is_reported_after_all_earlier_events)
{
	be_ready();
	sessions.at[2]->lost = 3;
	sessions.at[2]->writable = TRUE;
	send_some(100);
	chardev_session_end(sessions.at[2], -ECONNRESET);
	expect_heard("message lost 2 3;read 100;lost 2 -104;");
	expect_heard("");
}

Test(chardev_sessions, a_blocked_session_is_notified_when_it_becomes_writable)
{
	be_ready();
	sessions.at[2]->writable = TRUE;
	chardev_session_mark(sessions.at[2]);
	expect_heard("writable 2;");
	chardev_session_mark(sessions.at[2]);
	expect_heard("");
}

Test(chardev_sessions, a_session_may_be_closed_by_its_listener)
{
	be_ready();
	close_when_readable = TRUE;
	send_some(1);
	chardev_session_end(sessions.at[2], -EIO);
	expect_heard("read 1;");
	cr_expect_null(sessions.at[2]);
}

Test(chardev_sessions, the_batch_of_a_session_grows_with_its_messages)
{
	be_ready();
	send_some(4);
	expect_heard("read 1;");
	sessions.turn++;
	send_some(0);
	expect_heard("read 2;");
	sessions.turn += 2;
	send_some(0);
	expect_heard("read 1;");
	for (guint i = 0; i < 20; i++) {
		sessions.turn++;
		send_some(0);
		chardev_sessions_notify(&sessions);
	}
	cr_expect_eq(sessions.at[2]->batch, VMCFS_CHARDEV_BUDGET);
}

Test(chardev_sessions, the_sessions_below_an_index_are_open_if_each_of_them_is)
{
	cr_expect(chardev_sessions_are_open(&sessions, 0));
	cr_expect_not(chardev_sessions_are_open(&sessions, 1));
	add_session(0);
	cr_expect_not(chardev_sessions_are_open(&sessions, 1));
	sessions.at[0]->state = CHARDEV_SESSION_READY;
	cr_expect(chardev_sessions_are_open(&sessions, 1));
	cr_expect_not(chardev_sessions_are_open(&sessions, 2));
}
