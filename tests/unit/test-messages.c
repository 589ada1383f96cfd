// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of a file session: tests them from the side of the host. It does
 * not test the entries on the queue.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	/*
	 * The hypervisor's buffers: even, 2 to 14. Ours: 0, and odd, 1 to 15.
	 */
	session = transport_open(t, 0, 16);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(messages, .init = setup, .fini = teardown);

static void arrive(u16 id, const char *text)
{
	memcpy(t->remote, text, strlen(text));
	transport_signal(t, 0, 1, id, (u32)strlen(text));
}

static void expect_next(const char *text)
{
	struct ibmvmc_storage *message = ibmvmc_session_receive(session);
	const char *data;
	u32 len;

	cr_assert_not_null(message);
	data = ibmvmc_storage_data(message, &len);
	cr_expect_eq(len, strlen(text));
	cr_expect_eq(memcmp(data, text, len), 0, "%.*s", (int)len, data);
	ibmvmc_session_done(session, message);
}

Test(messages, send_returns_the_error_of_the_session)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	cr_expect_eq(ibmvmc_session_send(other, "x", 1), -ENOTCONN);
	cr_expect_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 1000), 0);
	cr_expect_eq(ibmvmc_session_send(other, "x", 1), -EBUSY);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_OPENING);
	cr_expect_eq(ibmvmc_session_send(other, "x", 1), -EBUSY);
	ibmvmc_session_close(other);
	cr_expect_eq(ibmvmc_session_send(other, "x", 1), -ECONNRESET);
	ibmvmc_session_put(other);
}

Test(messages, d56_lengths_above_the_mtu_return_emsgsize)
{
	static u8 big[4097];

	cr_expect_eq(ibmvmc_session_send(session, big, 4097), -EMSGSIZE);
	cr_expect_eq(ibmvmc_session_send(session, big, ~0U), -EMSGSIZE);
	cr_expect_eq(ibmvmc_session_send(session, big, 0), 0);
	cr_expect_eq(t->trace_len, 0);
	cr_expect_eq(ibmvmc_session_send(session, big, 4096), 0);
}

Test(messages, d20_a_send_of_no_bytes_reserves_no_buffer)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		cr_expect_eq(ibmvmc_session_send(session, "", 0), 0);
	cr_expect_eq(transport_session(session).buffers_free, 9);
}

Test(messages, d55_writable_until_the_buffers_are_used_up)
{
	unsigned int sent = 0;

	while (ibmvmc_session_writable(session)) {
		cr_assert_eq(ibmvmc_session_send(session, "x", 1), 0);
		sent++;
	}
	cr_expect_eq(sent, 9);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	transport_forget(t);
	/* The buffer of a message serves for the response after the read. */
	arrive(2, "reply");
	cr_expect_not(ibmvmc_session_writable(session));
	transport_forget(t);
	expect_next("reply");
	cr_expect_eq(t->wakes, 1, "writers are woken");
	cr_expect(ibmvmc_session_writable(session));
}

Test(messages, arrive_in_order)
{
	arrive(2, "one");
	arrive(6, "two");
	arrive(4, "three");
	cr_expect_eq(transport_session(session).queued, 3);
	expect_next("one");
	expect_next("two");
	expect_next("three");
	cr_expect_null(ibmvmc_session_receive(session));
}

Test(messages, d25_every_buffer_can_have_an_unread_message)
{
	struct vmc_interface signal;
	u16 id;

	for (id = 2; id < 16; id += 2)
		arrive(id, "x");
	/* The other buffers are sent and returned. */
	while (ibmvmc_session_writable(session)) {
		cr_assert_eq(ibmvmc_session_send(session, "y", 1), 0);
		transport_messages(t, VMC_MSG_SIGNAL, &signal);
		arrive(signal.buffer_id, "y");
	}
	cr_expect_eq(transport_session(session).queued, 16);
	for (id = 2; id < 16; id += 2)
		expect_next("x");
	for (id = 0; id < 9; id++)
		expect_next("y");
	cr_expect_eq(transport_session(session).buffers_free, 16);
}

Test(messages, d26_a_message_that_is_put_back_is_read_next)
{
	struct ibmvmc_storage *message;
	u32 next;

	cr_expect_not(ibmvmc_session_next(session, &next));
	cr_expect_eq(next, 0);
	arrive(2, "one");
	arrive(4, "two");
	message = ibmvmc_session_receive(session);
	cr_expect_eq(transport_session(session).queued, 1);
	cr_expect_eq(transport_session(session).next_length, 3);
	cr_expect(ibmvmc_session_next(session, &next));
	cr_expect_eq(next, 3);
	ibmvmc_session_put_back(session, message);
	cr_expect_eq(transport_session(session).queued, 2);
	expect_next("one");
	expect_next("two");
}

Test(messages, d26_messages_that_are_put_back_keep_their_order)
{
	struct ibmvmc_storage *one, *two, *three;

	arrive(2, "one");
	arrive(4, "two");
	arrive(6, "three");
	arrive(8, "four");
	one = ibmvmc_session_receive(session);
	two = ibmvmc_session_receive(session);
	three = ibmvmc_session_receive(session);
	ibmvmc_session_put_back(session, two);
	ibmvmc_session_put_back(session, three);
	ibmvmc_session_put_back(session, one);
	expect_next("one");
	expect_next("two");
	three = ibmvmc_session_receive(session);
	expect_next("four");
	ibmvmc_session_put_back(session, three);
	expect_next("three");
	cr_expect_null(ibmvmc_session_receive(session));
}

Test(messages, d26_a_message_that_is_put_back_wakes_other_readers)
{
	struct ibmvmc_storage *message;

	arrive(2, "one");
	message = ibmvmc_session_receive(session);
	transport_forget(t);
	ibmvmc_session_put_back(session, message);
	cr_expect_eq(t->wakes, 1);
	cr_expect_eq(t->woken, session);
}

Test(messages, a_send_does_not_touch_a_message_that_is_being_read)
{
	struct ibmvmc_storage *message;
	const char *data;
	u32 len;

	arrive(2, "mine");
	message = ibmvmc_session_receive(session);
	data = ibmvmc_storage_data(message, &len);
	while (ibmvmc_session_writable(session))
		cr_assert_eq(ibmvmc_session_send(session, "!!!!", 4), 0);
	cr_expect_eq(memcmp(data, "mine", 4), 0);
	ibmvmc_session_done(session, message);
}

Test(messages, unread_messages_are_freed_with_the_session)
{
	struct ibmvmc_storage *message;

	arrive(2, "one");
	arrive(4, "two");
	message = ibmvmc_session_receive(session);
	ibmvmc_session_close(session);
	ibmvmc_session_done(session, message);
	ibmvmc_session_put(session);
	session = NULL;
	cr_expect_eq(t->maps, 0);
}

Test(messages, d54_only_the_session_concerned_is_woken)
{
	struct ibmvmc_file_session *other = transport_open(t, 1, 4);

	transport_forget(t);
	arrive(2, "x");
	cr_expect_eq(t->wakes, 1);
	cr_expect_eq(t->woken, session);
	transport_forget(t);
	transport_signal(t, 1, 1, 2, 1);
	cr_expect_eq(t->wakes, 1);
	cr_expect_eq(t->woken, other);
	ibmvmc_session_put(other);
}

Test(messages, info_is_filled_completely)
{
	struct ibmvmc_file_session *other;
	struct ibmvmc_session_info info;

	other = ibmvmc_session_new(t->adapter, NULL);
	memset(&info, 0xee, sizeof(info));
	ibmvmc_session_get_info(other, &info);
	cr_expect_eq(info.state, IBMVMC_SESSION_NEW);
	cr_expect_eq(info.error, 0);
	cr_expect_eq(info.index, -1);
	cr_expect_eq(info.session, VMC_SESSION_NONE);
	cr_expect_eq(info.buffers, 0);
	cr_expect_eq(info.buffers_free, 0);
	cr_expect_eq(info.next_length, 0);
	cr_expect_eq(info.queued, 0);
	ibmvmc_session_put(other);
}
