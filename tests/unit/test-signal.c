// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signal: tests messages in both directions.
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
	/* The hypervisor owns buffers 2 and 4, the partition 0, 1, 3 and 5. */
	session = transport_open(t, 0, 6);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(signal, .init = setup, .fini = teardown);

static unsigned int signals(struct vmc_interface *last)
{
	return transport_messages(t, VMC_MSG_SIGNAL, last);
}

static void expect_lost(int error)
{
	cr_expect_eq(t->events[IBMVMC_EVENT_MESSAGE_LOST], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_MESSAGE_LOST].error, error);
	cr_expect_eq(transport_session(session).queued, 0);
	cr_expect_eq(transport_session(session).lost, 1);
	/* The buffer is free. */
	cr_expect_eq(transport_session(session).buffers_free, 5);
}

Test(signal, sends_the_bytes_and_passes_the_buffer)
{
	struct vmc_interface signal;

	cr_expect_eq(ibmvmc_session_send(session, "hello", 5), 0);
	cr_expect_str_eq(t->trace, "CS");
	cr_expect_eq(t->copy_len, 5);
	cr_expect_eq(memcmp(t->copied, "hello", 5), 0);
	cr_assert_eq(signals(&signal), 1);
	cr_expect_eq(signal.session, 1);
	cr_expect_eq(signal.index, 0);
	cr_expect_eq(signal.word, 5);
	cr_expect_eq(t->copy_lioba, 0x1000U * (signal.buffer_id + 1U));
	cr_expect_eq(transport_session(session).buffers, 6);
	cr_expect_eq(transport_session(session).buffers_free, 3);
}

Test(signal, d9_the_reserved_bytes_are_zero)
{
	cr_expect_eq(ibmvmc_session_send(session, "hello", 5), 0);
	cr_expect_eq(vmc_crq_word1(&t->sent[0]) >> 16, 0x800600000100);
	cr_expect_eq(vmc_crq_word2(&t->sent[0]), 5);
}

Test(signal, d19_d20_a_failing_copy_is_reported_and_uses_no_buffer)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		transport_fail(t, TRANSPORT_COPY, -EIO, 1);
		cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EIO);
	}
	cr_expect_eq(signals(NULL), 0);
	cr_expect_eq(transport_session(session).buffers_free, 4);
}

Test(signal, d19_a_failing_send_is_reported_and_uses_no_buffer)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		transport_fail(t, TRANSPORT_SEND, -EIO, 1);
		cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EIO);
	}
	cr_expect_eq(t->events[IBMVMC_EVENT_SEND_FAILED], 100);
	cr_expect_eq(transport_session(session).buffers_free, 4);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), 0);
}

Test(signal, d19_a_full_queue_is_reported_and_writers_are_woken_later)
{
	transport_fail(t, TRANSPORT_SEND, -EAGAIN, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	cr_expect_eq(transport_session(session).buffers_free, 4);
	cr_expect_not(ibmvmc_session_writable(session));
	transport_forget(t);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -EBUSY);
	cr_expect_eq(t->trace_len, 0, "no operation before the retry");
	transport_advance(t, 9);
	cr_expect_eq(t->wakes, 0);
	transport_advance(t, 1);
	cr_expect_eq(t->wakes, 1);
	cr_expect(ibmvmc_session_writable(session));
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), 0);
}

Test(signal, receives_a_message_and_its_buffer)
{
	struct ibmvmc_storage *message;
	const char *data;
	u32 len;

	memcpy(t->remote, "from afar", 9);
	transport_signal(t, 0, 1, 4, 9);
	cr_expect_eq(t->woken, session);
	cr_expect_eq(t->copy_lioba, 0x5000);
	cr_expect_eq(transport_session(session).queued, 1);
	cr_expect_eq(transport_session(session).next_length, 9);
	cr_expect_eq(transport_session(session).buffers_free, 4,
		     "a buffer with an unread message is not free");
	message = ibmvmc_session_receive(session);
	data = ibmvmc_storage_data(message, &len);
	cr_expect_eq(len, 9);
	cr_expect_eq(memcmp(data, "from afar", 9), 0);
	cr_expect_eq(transport_session(session).buffers_free, 4);
	ibmvmc_session_done(session, message);
	cr_expect_eq(transport_session(session).buffers_free, 5);
}

Test(signal, d27_an_empty_message_is_queued_without_a_copy)
{
	struct ibmvmc_storage *message;
	u32 len = 7;

	transport_signal(t, 0, 1, 2, 0);
	cr_expect_null(strchr(t->trace, 'C'));
	cr_expect_eq(transport_session(session).queued, 1);
	message = ibmvmc_session_receive(session);
	cr_assert_not_null(message);
	ibmvmc_storage_data(message, &len);
	cr_expect_eq(len, 0);
	ibmvmc_session_done(session, message);
}

Test(signal, d24_a_message_longer_than_the_buffer_is_lost_and_the_buffer_kept)
{
	transport_signal(t, 0, 1, 2, 4097);
	cr_expect_null(strchr(t->trace, 'C'));
	expect_lost(-EMSGSIZE);
	transport_forget(t);
	transport_signal(t, 0, 1, 4, 0xffffffff);
	cr_expect_eq(t->last[IBMVMC_EVENT_MESSAGE_LOST].error, -EMSGSIZE);
	cr_expect_eq(transport_session(session).buffers_free, 6);
}

Test(signal, a_message_of_the_mtu_is_received)
{
	transport_signal(t, 0, 1, 2, 4096);
	cr_expect_eq(transport_session(session).next_length, 4096);
}

Test(signal, d23_a_failing_copy_loses_the_message_and_keeps_the_buffer)
{
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	transport_signal(t, 0, 1, 2, 10);
	expect_lost(-EIO);
}

Test(signal, d30_errors_are_dropped_and_never_answered)
{
	static const struct {
		u8 index;
		u8 session;
		u16 id;
	} wrong[] = {
		{ 2, 1, 2 },	  /* no such index */
		{ 255, 1, 2 },	  /* no such index */
		{ 1, 1, 2 },	  /* not opened */
		{ 0, 2, 2 },	  /* another session */
		{ 0, 0, 2 },	  /* no session */
		{ 0, 1, 16 },	  /* no such buffer */
		{ 0, 1, 0xffff }, /* no such buffer */
		{ 0, 1, 6 },	  /* not valid */
		{ 0, 1, 1 },	  /* owned by us */
	};
	unsigned int i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		transport_forget(t);
		transport_signal(t, wrong[i].index, wrong[i].session,
				 wrong[i].id, 10);
		cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1, "%u", i);
		cr_expect_eq(t->sent_count, 0, "%u", i);
		cr_expect_null(strchr(t->trace, 'C'), "%u", i);
	}
	cr_expect_eq(transport_session(session).queued, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(signal, a_buffer_with_a_message_cannot_be_signalled_again)
{
	struct ibmvmc_storage *message;
	u32 len;

	memcpy(t->remote, "one", 3);
	transport_signal(t, 0, 1, 2, 3);
	message = ibmvmc_session_receive(session);
	memcpy(t->remote, "two", 3);
	transport_signal(t, 0, 1, 2, 3);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 1);
	cr_expect_eq(memcmp(ibmvmc_storage_data(message, &len), "one", 3), 0);
	ibmvmc_session_done(session, message);
}

Test(signal, buffers_are_conserved_over_many_messages)
{
	struct ibmvmc_storage *message;
	struct vmc_interface signal;
	unsigned int i;

	for (i = 0; i < 10000; i++) {
		transport_forget(t);
		cr_assert_eq(ibmvmc_session_send(session, "ping", 4), 0);
		signals(&signal);
		transport_signal(t, 0, 1, signal.buffer_id, 4);
		message = ibmvmc_session_receive(session);
		cr_assert_not_null(message);
		ibmvmc_session_done(session, message);
		cr_assert_null(strpbrk(t->trace, "MU"));
	}
	cr_expect_eq(transport_session(session).buffers, 6);
	cr_expect_eq(transport_session(session).buffers_free, 4);
}
