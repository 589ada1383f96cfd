// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Send queue: tests the limits in messages and in memory, the order, and
 * fairness to long messages. It does not test a device.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "channel/sendq.h"
#include "defaults.h"

static struct sendq sendq;

static void setup(void)
{
	sendq_init(&sendq, 100);
}

static void teardown(void)
{
	sendq_clear(&sendq);
}

TestSuite(sendq, .init = setup, .fini = teardown);

static int push(char letter, gsize len)
{
	char data[1000];

	memset(data, letter, sizeof(data));
	return sendq_push(&sendq, data, len);
}

/* Expects this message as the oldest one, and removes it. */
static void expect_pop(char letter, gsize len)
{
	gsize got = 0;
	const char *data = sendq_peek(&sendq, &got);

	cr_assert_not_null(data);
	cr_assert_eq(got, len);
	for (gsize i = 0; i < len; i++)
		cr_assert_eq(data[i], letter);
	sendq_pop(&sendq);
}

Test(sendq, begins_empty)
{
	gsize len;

	cr_expect_eq(sendq_length(&sendq), 0);
	cr_expect_eq(sendq.bytes, 0);
	cr_expect(sendq_has_room(&sendq));
	cr_expect_null(sendq_peek(&sendq, &len));
	cr_expect_eq(sendq_clear(&sendq), 0);
}

Test(sendq, keeps_the_order)
{
	sendq_init(&sendq, 160);
	for (char letter = 'a'; letter <= 'j'; letter++)
		cr_assert_eq(push(letter, 10), 0);
	cr_expect_eq(sendq_length(&sendq), 10);
	cr_expect_eq(sendq.bytes, 100);
	cr_expect_eq(sendq.charged, 10 * SENDQ_MESSAGE_MIN);
	for (char letter = 'a'; letter <= 'j'; letter++)
		expect_pop(letter, 10);
	cr_expect_eq(sendq_length(&sendq), 0);
	cr_expect_eq(sendq.bytes, 0);
}

Test(sendq, copies_its_messages)
{
	char data[] = "before";

	sendq_push(&sendq, data, 6);
	memset(data, 'x', 6);
	cr_expect_eq(memcmp(sendq_peek(&sendq, &(gsize){ 0 }), "before", 6), 0);
}

Test(sendq, is_limited_in_bytes)
{
	cr_expect_eq(push('a', 60), 0);
	cr_expect_eq(push('b', 40), 0);
	cr_expect_not(sendq_has_room(&sendq));
	cr_expect_eq(push('c', 1), -EAGAIN);
	cr_expect_eq(sendq_length(&sendq), 2);
	cr_expect_eq(sendq.bytes, 100);
	expect_pop('a', 60);
	cr_expect_eq(push('d', 60), 0);
	expect_pop('b', 40);
	expect_pop('d', 60);
}

Test(sendq, accepts_any_message_while_empty)
{
	cr_expect_eq(push('a', 1000), 0);
	cr_expect_not(sendq_has_room(&sendq));
	cr_expect_eq(push('b', 1), -EAGAIN);
	expect_pop('a', 1000);
	cr_expect_eq(push('b', 1), 0);
}

/* Otherwise the long message could wait for ever. */
Test(sendq, short_messages_do_not_overtake_a_long_one)
{
	cr_expect_eq(push('a', 30), 0);
	cr_expect_eq(push('b', 30), 0);
	cr_expect_eq(push('L', 50), -EAGAIN);
	cr_expect(sendq.full);
	cr_expect_not(sendq_has_room(&sendq));
	cr_expect_eq(push('c', 1), -EAGAIN);
	cr_expect_eq(sendq.bytes, 60, "a refused message is not queued");
	expect_pop('a', 30);
	cr_expect_not(sendq.full);
	cr_expect(sendq_has_room(&sendq));
	cr_expect_eq(push('L', 50), 0);
	expect_pop('b', 30);
	expect_pop('L', 50);
}

Test(sendq, returns_the_number_of_dropped_messages)
{
	push('a', 50);
	push('b', 20);
	push('c', 20);
	cr_expect_eq(push('d', 20), -EAGAIN);
	cr_expect_eq(sendq_clear(&sendq), 3);
	cr_expect_eq(sendq_length(&sendq), 0);
	cr_expect_eq(sendq.bytes, 0);
	cr_expect(sendq_has_room(&sendq));
	cr_expect_eq(push('e', 100), 0);
	expect_pop('e', 100);
}

/* One byte is little, but its length and element take memory, too. */
Test(sendq, uses_at_most_a_quarter_more_memory_than_its_limit)
{
	const gsize lengths[] = { 1, 2, 15, 16, 17, 100, 4096, 16384 };
	gsize page = (gsize)sysconf(_SC_PAGESIZE);
	static char data[16384];

	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		gsize limit = 256 * KIB;
		guint turns = 0;

		sendq_clear(&sendq);
		sendq_init(&sendq, limit);
		while (!sendq_push(&sendq, data, lengths[i]) ||
		       turns++ < 2000) {
			if (sendq.full)
				sendq_pop(&sendq);
			cr_assert_leq(sendq.ring.mapped,
				      limit + limit / 4 + page);
		}
		cr_expect_gt(sendq.charged, limit - MAX(lengths[i], 16) - 1);
	}
}

/* Makes a message that its number and length identify. */
static GBytes *message(guint number, gsize len)
{
	char *data = g_malloc(len);

	for (gsize i = 0; i < len; i++)
		data[i] = (char)(number * 31 + i);
	return g_bytes_new_take(data, len);
}

static void pop_expected(GQueue *expected)
{
	g_autoptr(GBytes) oldest = g_queue_pop_head(expected);
	gsize len, should;
	const void *want = g_bytes_get_data(oldest, &should);
	const void *got = sendq_peek(&sendq, &len);

	cr_assert_eq(len, should);
	cr_assert_eq(memcmp(got, want, len), 0);
	cr_assert_eq(sendq_peek(&sendq, &len), got,
		     "a second peek returns the same message");
	sendq_pop(&sendq);
}

static void push_expected(GQueue *expected, guint number)
{
	gsize len = 1 + (gsize)random() % (random() % 4 ? 64 : 3000);
	GBytes *next = message(number, len);

	if (sendq_push(&sendq, g_bytes_get_data(next, NULL), len))
		g_bytes_unref(next);
	else
		g_queue_push_tail(expected, next);
}

/* Across the end of the ring, and while the ring grows. */
Test(sendq, returns_all_messages_in_random_use)
{
	g_autoptr(GQueue) expected = g_queue_new();

	srandom(1);
	for (guint i = 0; i < 200000; i++) {
		if (i % 20000 == 0) {
			cr_assert_eq(sendq_clear(&sendq), expected->length);
			g_queue_clear_full(expected,
					   (GDestroyNotify)g_bytes_unref);
			sendq_init(&sendq, 1 + (gsize)random() % 40000);
		}
		if (random() % 100 < (i % 4000 < 2000 ? 60 : 45))
			push_expected(expected, i);
		else if (expected->length)
			pop_expected(expected);
		cr_assert_eq(sendq_length(&sendq), expected->length);
		cr_assert(expected->length <= 1 ||
			  sendq.charged <= sendq.limit);
	}
	g_queue_clear_full(expected, (GDestroyNotify)g_bytes_unref);
}
