// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The queue before the device: bounded, in order, and fair to long messages.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "channel/sendq.h"

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

/* The oldest message is that one, and goes. */
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
	for (char letter = 'a'; letter <= 'j'; letter++)
		cr_assert_eq(push(letter, 10), 0);
	cr_expect_eq(sendq_length(&sendq), 10);
	cr_expect_eq(sendq.bytes, 100);
	for (char letter = 'a'; letter <= 'j'; letter++)
		expect_pop(letter, 10);
	cr_expect_eq(sendq_length(&sendq), 0);
	cr_expect_eq(sendq.bytes, 0);
}

Test(sendq, copies_what_it_is_given)
{
	char data[] = "before";

	sendq_push(&sendq, data, 6);
	memset(data, 'x', 6);
	cr_expect_eq(memcmp(sendq_peek(&sendq, &(gsize){ 0 }), "before", 6), 0);
}

Test(sendq, is_bounded_in_bytes)
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

Test(sendq, an_empty_one_takes_any_message)
{
	cr_expect_eq(push('a', 1000), 0);
	cr_expect_not(sendq_has_room(&sendq));
	cr_expect_eq(push('b', 1), -EAGAIN);
	expect_pop('a', 1000);
	cr_expect_eq(push('b', 1), 0);
}

/* Else the long one might wait for ever. */
Test(sendq, short_messages_do_not_overtake_a_long_one)
{
	cr_expect_eq(push('a', 30), 0);
	cr_expect_eq(push('b', 30), 0);
	cr_expect_eq(push('L', 50), -EAGAIN);
	cr_expect(sendq.full);
	cr_expect_not(sendq_has_room(&sendq));
	cr_expect_eq(push('c', 1), -EAGAIN);
	cr_expect_eq(sendq.bytes, 60, "nothing changed");
	expect_pop('a', 30);
	cr_expect_not(sendq.full);
	cr_expect(sendq_has_room(&sendq));
	cr_expect_eq(push('L', 50), 0);
	expect_pop('b', 30);
	expect_pop('L', 50);
}

Test(sendq, tells_what_it_throws_away)
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
