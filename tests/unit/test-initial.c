// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Initial buffers: tests the resets that follow if they do not arrive, and the
 * limits of these resets.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "transport.h"

static struct transport *t;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	transport_forget(t);
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(initial, .init = setup, .fini = teardown);

static bool starved(void)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(t->adapter, &info);
	return info.starved;
}

static unsigned int resets(void)
{
	return t->events[IBMVMC_EVENT_RESET];
}

static void add_initial(u8 index)
{
	transport_add(t, index, 0, 0, VMC_OWNER_PARTITION);
}

/* The partner answers a new registration but adds no buffer. */
static void come_back(void)
{
	while (transport_state(t) == IBMVMC_STATE_SCHED_RESET)
		transport_advance(t, 1);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_READY);
}

/* Expects a reset with -ENOBUFS after exactly this time. */
static void expect_reset_after(u64 ms)
{
	unsigned int before = resets();

	transport_advance(t, ms - 1);
	cr_expect_eq(resets(), before);
	transport_advance(t, 1);
	cr_expect_eq(resets(), before + 1, "expected a reset after %llu ms",
		     (unsigned long long)ms);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ENOBUFS);
}

static int open_now(int index)
{
	struct ibmvmc_file_session *session;
	int rc;

	session = ibmvmc_session_new(t->adapter, t);
	rc = ibmvmc_session_open(session, index, transport_hmc_id, 0);
	ibmvmc_session_put(session);
	return rc;
}

Test(initial, a_ready_channel_without_any_buffer_registers_its_queue_again)
{
	cr_expect(starved());
	transport_advance(t, 1999);
	cr_expect_eq(t->trace_len, 0);
	transport_advance(t, 1);
	cr_expect_str_eq(t->trace, "iFRIS");
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ENOBUFS);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	cr_expect_not(starved());
}

Test(initial, the_first_buffer_makes_the_channel_usable)
{
	add_initial(1);
	cr_expect_not(starved());
	cr_expect_eq(t->events[IBMVMC_EVENT_USABLE], 1);
	cr_expect_eq(t->last[IBMVMC_EVENT_USABLE].index, 1);
	add_initial(0);
	cr_expect_eq(t->events[IBMVMC_EVENT_USABLE], 1);
	transport_advance(t, 3600000);
	cr_expect_eq(resets(), 0);
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
}

Test(initial, a_buffer_owned_by_the_partner_does_not_make_an_index_usable)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_HYPERVISOR);
	cr_expect(starved());
	expect_reset_after(2000);
}

Test(initial, a_stray_initialize_does_not_disable_the_channel)
{
	add_initial(0);
	add_initial(1);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
	cr_expect(starved());
	expect_reset_after(2000);
	come_back();
	add_initial(0);
	cr_expect_eq(open_now(0), 0);
}

Test(initial, a_partner_that_never_adds_a_buffer_makes_the_channel_fail)
{
	expect_reset_after(2000);
	come_back();
	expect_reset_after(4000);
	come_back();
	expect_reset_after(8000);
	come_back();
	expect_reset_after(16000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
	cr_expect_eq(open_now(0), -EIO);
}

Test(initial, a_channel_that_failed_without_buffers_is_reset_every_30_s)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		transport_advance(t, 16000);
		come_back();
	}
	for (i = 0; i < 5; i++) {
		while (transport_state(t) == IBMVMC_STATE_READY)
			transport_advance(t, 1);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
		transport_forget(t);
		transport_advance(t, 29999);
		cr_expect_eq(t->trace_len, 0);
		transport_advance(t, 1);
		cr_expect_str_eq(t->trace, "iFRIS");
		come_back();
	}
	add_initial(0);
	add_initial(1);
	cr_expect_eq(open_now(0), 0);
}

Test(initial, the_user_restarts_a_channel_that_failed_without_buffers)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		transport_advance(t, 16000);
		come_back();
	}
	transport_advance(t, 16000);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	ibmvmc_restart(t->adapter);
	come_back();
	expect_reset_after(2000);
}

Test(initial, an_index_without_a_buffer_resets_an_idle_channel)
{
	add_initial(0);
	expect_reset_after(10000);
}

Test(initial, an_index_that_never_gets_a_buffer_leaves_the_other_usable)
{
	u64 wait_ms = 10000;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		add_initial(0);
		expect_reset_after(wait_ms);
		come_back();
		wait_ms = wait_ms < 640000 ? 2 * wait_ms : wait_ms;
	}
	add_initial(0);
	cr_expect_eq(open_now(0), 0);
}

Test(initial, a_buffer_for_every_index_restores_the_first_delay)
{
	add_initial(0);
	expect_reset_after(10000);
	come_back();
	add_initial(0);
	add_initial(1);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	expect_reset_after(2000);
}

Test(initial, an_index_without_a_buffer_ends_no_session_of_others)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	transport_advance(t, 3600000);
	cr_expect_eq(resets(), 0);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	add_initial(0);
	transport_advance(t, 10000);
	cr_expect_eq(resets(), 1);
}

Test(initial, a_close_that_succeeded_is_followed_by_a_buffer_or_a_reset)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	add_initial(1);
	ibmvmc_session_put(session);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	expect_reset_after(10000);
}

Test(initial, a_buffer_whose_copies_always_fail_leads_to_a_reset)
{
	add_initial(0);
	add_initial(1);
	transport_fail(t, TRANSPORT_COPY, -EIO, 3);
	cr_expect_eq(open_now(0), -EIO);
	cr_expect_eq(open_now(0), -EIO);
	cr_expect_eq(t->maps, 2);
	cr_expect_eq(open_now(0), -EIO);
	cr_expect_eq(t->maps, 1);
	cr_expect_eq(open_now(0), -ENOBUFS);
	expect_reset_after(10000);
}

Test(initial, failed_copies_before_one_that_succeeds_do_not_count)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		add_initial(0);
		transport_fail(t, TRANSPORT_COPY, -EIO, 2);
		cr_expect_eq(open_now(0), -EIO);
		cr_expect_eq(open_now(0), -EIO);
		cr_expect_eq(open_now(0), 0);
		transport_close_resp(t, 0, (u8)(i + 1), VMC_STATUS_SUCCESS);
	}
}
