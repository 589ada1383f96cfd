// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting sessions: tests their limits, order, timeouts and cost for other
 * sessions.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "instructions.h"
#include "transport.h"

#define USERS 4
#define MANY (USERS * 250)

static struct transport *t;
static struct ibmvmc_file_session *session;
static struct ibmvmc_file_session *waiting[MANY];

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	session = transport_open(t, 0, 6);
	transport_add(t, 1, 0, 0, VMC_OWNER_HYPERVISOR);
}

static void teardown(void)
{
	unsigned int i;

	for (i = 0; i < MANY; i++)
		ibmvmc_session_put(waiting[i]);
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(waiting, .init = setup, .fini = teardown);

static int wait_for(struct ibmvmc_file_session **result, u32 user, int index,
		    u32 timeout_ms)
{
	int rc;

	*result = ibmvmc_session_new(t->adapter, NULL);
	ibmvmc_session_set_user(*result, user);
	rc = ibmvmc_session_open(*result, index, transport_hmc_id, timeout_ms);
	if (rc) {
		ibmvmc_session_put(*result);
		*result = NULL;
	}
	return rc;
}

/* @count sessions of several users wait for index 1 or for any index. */
static void begin(unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		cr_assert_eq(wait_for(&waiting[i], i % USERS, i % 3 ? 1 : -1,
				      1000000 + i),
			     0);
}

static unsigned int count_waiting(void)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(t->adapter, &info);
	return info.waiting;
}

Test(waiting, one_user_has_at_most_a_quarter_of_the_places)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		cr_assert_eq(wait_for(&waiting[i], 7, 1, 1000), 0);
	cr_expect_eq(wait_for(&waiting[i], 7, 1, 1000), -EUSERS);
	cr_expect_eq(wait_for(&waiting[i], 7, -1, 1000), -EUSERS);
	cr_expect_eq(count_waiting(), 256);
	cr_expect_eq(wait_for(&waiting[i], 8, 1, 1000), 0);

	ibmvmc_session_put(waiting[3]);
	cr_expect_eq(wait_for(&waiting[3], 7, 1, 1000), 0);
	transport_advance(t, 1000);
	cr_expect_eq(count_waiting(), 0);
	cr_expect_eq(transport_session(waiting[0]).error, -ENOBUFS);
}

Test(waiting, all_users_have_at_most_as_many_places_as_the_host_allows)
{
	struct ibmvmc_config config = transport_config;
	unsigned int i;

	teardown();
	session = NULL;
	config.max_waiting = 8;
	t = transport_new(&config);
	transport_ready(t, NULL);
	for (i = 0; i < 8; i++)
		cr_assert_eq(wait_for(&waiting[i], i, 1, 1000), 0);
	cr_expect_eq(wait_for(&waiting[i], i, 1, 1000), -ENFILE);
	ibmvmc_session_close(waiting[2]);
	cr_expect_eq(wait_for(&waiting[i], i, 1, 1000), 0);
}

Test(waiting, a_refused_session_can_be_opened_later)
{
	struct ibmvmc_file_session *late;
	unsigned int i;

	for (i = 0; i < 256; i++)
		cr_assert_eq(wait_for(&waiting[i], 7, 1, 1000 + i), 0);
	late = ibmvmc_session_new(t->adapter, NULL);
	ibmvmc_session_set_user(late, 7);
	cr_expect_eq(ibmvmc_session_open(late, 1, transport_hmc_id, 1000),
		     -EUSERS);
	transport_advance(t, 1000);
	cr_expect_eq(ibmvmc_session_open(late, 1, transport_hmc_id, 1000), 0);
	ibmvmc_session_put(late);
}

Test(waiting, each_session_ends_at_its_own_timeout)
{
	u64 ends[MANY] = { 0 };
	u64 begin_ms = t->now_ms;
	unsigned int i, alive;

	srandom(1);
	for (i = 0; i < MANY; i++) {
		u32 timeout_ms = 1 + (u32)random() % 500;

		ends[i] = begin_ms + timeout_ms;
		cr_assert_eq(wait_for(&waiting[i], i % USERS, 1, timeout_ms),
			     0);
	}
	/* Some sessions are closed before their timeout, at any position. */
	for (i = 0; i < MANY; i += 3)
		ibmvmc_session_close(waiting[i]);
	while (count_waiting()) {
		cr_assert_neq(t->timer_ms, IBMVMC_TIMER_OFF);
		transport_advance(t, t->timer_ms - t->now_ms);
		for (i = alive = 0; i < MANY; i++) {
			bool waits = transport_session(waiting[i]).state ==
				     IBMVMC_SESSION_WAITING;

			alive += waits;
			if (i % 3)
				cr_assert_eq(waits, t->now_ms < ends[i]);
		}
		cr_assert_eq(count_waiting(), alive);
	}
}

Test(waiting, a_free_index_goes_to_the_longest_waiting_session)
{
	unsigned int i;

	begin(30);
	transport_remove(t, 1, 0);
	transport_add(t, 1, 0, 1, VMC_OWNER_PARTITION);
	for (i = 0; i < 30; i++) {
		cr_assert_eq(transport_session(waiting[i]).state,
			     IBMVMC_SESSION_OPENING, "%u", i);
		transport_open_resp(t, 1, (u8)(i + 1), 1,
				    VMC_STATUS_GENERAL_FAILURE);
	}
	cr_expect_eq(count_waiting(), 0);
}

Test(waiting, a_reset_keeps_and_serves_waiting_sessions)
{
	begin(10);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(count_waiting(), 10);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(waiting[0]).index, 0,
		     "a session that accepts any index gets index 0");
	cr_expect_eq(transport_session(waiting[1]).index, 1);
	cr_expect_eq(count_waiting(), 8);
}

static void round_trip(void)
{
	ibmvmc_session_send(session, "there", 5);
	/* The hypervisor owns buffer 2. */
	transport_signal(t, 0, 1, 2, 5);
	ibmvmc_session_done(session, ibmvmc_session_receive(session));
}

static void close_waiting(void)
{
	ibmvmc_session_close(waiting[0]);
}

static void close_session(void)
{
	ibmvmc_session_close(session);
}

static void expire_one(void)
{
	t->now_ms += 1000000;
	ibmvmc_timer(t->adapter);
}

/* Compares the instructions with one waiting session and with a thousand. */
static void expect_cost(const char *what, void (*function)(void), u64 more)
{
	u64 few, many;

	begin(1);
	few = instructions_of(function);
	ibmvmc_session_put(waiting[0]);
	begin(MANY);
	many = instructions_of(function);
	cr_expect_leq(many, few + more,
		      "%s: %llu instructions, %llu with %d waiting", what,
		      (unsigned long long)few, (unsigned long long)many, MANY);
}

Test(waiting, a_message_costs_the_same_with_many_waiting_sessions)
{
	expect_cost("a round trip", round_trip, 100);
}

Test(waiting, a_close_costs_the_same_with_many_waiting_sessions)
{
	expect_cost("a close", close_session, 100);
}

/* A removal from a heap of 1000 elements takes ten steps. */
Test(waiting, closing_a_waiting_session_costs_the_same_with_many_others)
{
	expect_cost("closing a waiting session", close_waiting, 2000);
}

Test(waiting, a_timeout_costs_the_same_with_many_waiting_sessions)
{
	/* The timeout of the first session has expired. */
	expect_cost("a timeout", expire_one, 2000);
}
