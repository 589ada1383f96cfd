// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Resets: tests resets by the partner, by the engine and by the user.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;
static struct ibmvmc_file_session *session;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	session = transport_open(t, 0, 6);
	/* An index that was never opened has an initial buffer, too. */
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	transport_forget(t);
}

static void teardown(void)
{
	ibmvmc_session_put(session);
	transport_free(t);
}

TestSuite(reset, .init = setup, .fini = teardown);

static void expect_lost(void)
{
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -ECONNRESET);
	cr_expect_eq(t->woken, session);
	cr_expect_eq(t->maps, 0);
}

static void self_reset(void)
{
	ibmvmc_channel_broken(t->adapter, -EPROTO);
	ibmvmc_resume(t->adapter);
}

/* Adds the initial buffers of a ready channel. */
static void add_initial_buffers(void)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
}

/* Brings the channel from the partner's Initialize to READY. */
static void come_back(void)
{
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(reset, d28_a_transport_event_frees_every_buffer)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_PARTNER_DEREGISTERED,
				    VMC_EVENT_PARTNER_TERMINATED,
				    0x07,
				    0x20,
				    0xff };
	unsigned int i;

	for (i = 0; i < sizeof(kinds); i++) {
		transport_forget(t);
		transport_control(t, VMC_CRQ_TRANSPORT, kinds[i]);
		expect_lost();
		cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
		cr_expect_eq(t->last[IBMVMC_EVENT_TRANSPORT].value, kinds[i]);
		cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 0);
		cr_expect_null(strpbrk(t->trace, "RFE"),
			       "the queue stays registered");
		come_back();
		/*
		 * The same buffer numbers are accepted again on both indices.
		 */
		transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
		ibmvmc_session_put(session);
		session = transport_open(t, 0, 4);
	}
}

Test(reset, initialize_is_repeated_without_limit)
{
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 0);
	transport_advance(t, 1000);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 1);
	transport_advance(t, 127000);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 9);
	transport_advance(t, 3200000);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 109);
	come_back();
}

Test(reset, d35_a_migration_enables_the_queue_and_initializes)
{
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	expect_lost();
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_str_eq(t->trace, "EIS");
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 1);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(t, &transport_peer);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_READY);
}

Test(reset, d35_enabling_is_repeated_by_the_timer)
{
	transport_fail(t, TRANSPORT_ENABLE, -EBUSY, 5);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	transport_forget(t);
	transport_advance(t, 49);
	cr_expect_str_eq(t->trace, "EEEEE");
	transport_advance(t, 1);
	cr_expect_str_eq(t->trace, "EEEEEEIS");
}

Test(reset, a_queue_that_cannot_be_enabled_is_registered_again)
{
	transport_fail(t, TRANSPORT_ENABLE, -EIO, 1);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_str_eq(t->trace, "EiFRIS");
	come_back();
}

Test(reset, enabling_has_a_time_limit)
{
	transport_fail(t, TRANSPORT_ENABLE, -EBUSY, ~0U);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	transport_advance(t, 60000);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -EBUSY);
	cr_expect_not_null(strstr(t->trace, "iFRI"));
}

Test(reset, d40_a_reset_of_our_own_wakes_all_sessions)
{
	transport_forget(t);
	self_reset();
	expect_lost();
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -EPROTO);
	cr_expect_null(strpbrk(t->trace, "RF"),
		       "only the timer frees and registers the queue");
	cr_expect_eq(t->timer_ms, t->now_ms);
}

Test(reset, a_reset_of_our_own_frees_and_registers)
{
	self_reset();
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_str_eq(t->trace, "iFRIS");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
}

Test(reset, d41_nothing_can_be_opened_during_a_reset)
{
	struct ibmvmc_file_session *other;

	self_reset();
	other = ibmvmc_session_new(t->adapter, NULL);
	cr_expect_eq(ibmvmc_session_open(other, -1, transport_hmc_id, 0),
		     -EAGAIN);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_NEW);
	ibmvmc_session_put(other);
}

Test(reset, d43_the_timer_retries_a_busy_hypervisor)
{
	transport_fail(t, TRANSPORT_FREE, -EBUSY, 4);
	self_reset();
	transport_forget(t);
	transport_advance(t, 39);
	cr_expect_str_eq(t->trace, "iFiFiFiF");
	transport_advance(t, 1);
	cr_expect_str_eq(t->trace, "iFiFiFiFiFRIS");
}

Test(reset, d43_a_permanently_busy_hypervisor_fails_the_channel)
{
	transport_fail(t, TRANSPORT_FREE, -EBUSY, ~0U);
	self_reset();
	transport_advance(t, 59000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	transport_advance(t, 2000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_forget(t);
	transport_advance(t, 29000);
	cr_expect_str_eq(t->trace, "iF", "the timer frees the queue once more");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_fail(t, TRANSPORT_FREE, 0, 0);
	transport_advance(t, 30000);
	cr_expect_str_eq(t->trace, "iFiFRIS");
	come_back();
}

Test(reset, a_queue_that_cannot_be_freed_is_registered)
{
	transport_fail(t, TRANSPORT_FREE, -EIO, 1);
	self_reset();
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_str_eq(t->trace, "iFR");
	transport_advance(t, 1000);
	cr_expect_str_eq(t->trace, "iFRiFRIS");
}

Test(reset, d34_the_number_of_registrations_is_limited)
{
	transport_fail(t, TRANSPORT_REGISTER, -EIO, 2);
	self_reset();
	transport_advance(t, 2000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);

	transport_fail(t, TRANSPORT_REGISTER, -EIO, ~0U);
	self_reset();
	transport_advance(t, 5000);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
}

Test(reset, d34_a_channel_that_failed_unregistered_registers_later)
{
	transport_fail(t, TRANSPORT_REGISTER, -EIO, ~0U);
	self_reset();
	transport_advance(t, 2000);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_forget(t);
	transport_advance(t, 29999);
	cr_expect_eq(t->trace_len, 0);
	transport_advance(t, 1);
	cr_expect_str_eq(t->trace, "R",
			 "one registration in each IBMVMC_REVIVE_MS");
	transport_advance(t, 60000);
	cr_expect_str_eq(t->trace, "RRR");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_fail(t, TRANSPORT_REGISTER, 0, 0);
	transport_advance(t, 30000);
	cr_expect_str_eq(t->trace, "RRRRIS");
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
}

Test(reset, d35_a_channel_that_failed_disabled_registers_later)
{
	unsigned int i;

	transport_fail(t, TRANSPORT_ENABLE, -EIO, 4);
	for (i = 0; i < 4; i++) {
		transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
		transport_advance(t, 1000);
	}
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_forget(t);
	transport_advance(t, 29000);
	cr_expect_str_eq(t->trace, "iFRIS");
	come_back();
}

Test(reset, a_queue_that_cannot_interrupt_is_registered_again)
{
	transport_fail(t, TRANSPORT_INTERRUPTS, -EIO, 1);
	transport_service(t);
	expect_lost();
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -EIO);
	transport_forget(t);
	transport_advance(t, 1);
	cr_expect_str_eq(t->trace, "iFRIS");
	come_back();
}

Test(reset, a_channel_that_failed_without_interrupts_recovers_later)
{
	transport_fail(t, TRANSPORT_INTERRUPTS, -EIO, 4);
	transport_service(t);
	transport_advance(t, 5000);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	transport_forget(t);
	transport_advance(t, 30000);
	cr_expect_eq(strncmp(t->trace, "iFRIS", 5), 0);
	come_back();
}

Test(reset, d35_an_unneeded_enabling_is_not_repeated)
{
	transport_fail(t, TRANSPORT_ENABLE, -EBUSY, ~0U);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	come_back();
	add_initial_buffers();
	transport_forget(t);
	transport_advance(t, 3600000);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_advance(t, 1000);
	cr_expect_eq(transport_sent(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE), 1);
	cr_expect_null(strchr(t->trace, 'E'));
}

Test(reset, d35_an_initialize_does_not_replace_the_enabling)
{
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	/* The response cannot be sent: the queue is still disabled. */
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_str_eq(t->trace, "EIS");
}

Test(reset, the_values_of_the_partner_are_discarded)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.peer_crq_entries, 256);
	cr_expect_eq(info.peer_version, VMC_VERSION);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.peer_crq_entries, 0);
	cr_expect_eq(info.peer_version, 0);
}

Test(reset, entries_of_the_old_registration_are_dropped)
{
	self_reset();
	transport_forget(t);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_DROPPED], 3);
	cr_expect_eq(t->sent_count, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	transport_advance(t, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
}

Test(reset, the_ring_is_empty_when_it_is_registered_again)
{
	struct ibmvmc_crq_msg msg;
	unsigned int i;

	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	self_reset();
	transport_push(t, &msg);
	transport_forget(t);
	transport_advance(t, 0);
	cr_expect_eq(t->events[IBMVMC_EVENT_ENTRY_RECEIVED], 0);
	for (i = 0; i < TRANSPORT_RING; i++)
		cr_expect_eq(vmc_crq_word1(&t->ring[i]), 0);
}

Test(reset, resets_of_our_own_have_a_minimum_distance)
{
	self_reset();
	transport_advance(t, 0);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
	self_reset();
	transport_advance(t, 999);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	transport_advance(t, 1);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
}

Test(reset, a_pending_open_ends_without_a_trace)
{
	struct ibmvmc_file_session *other;

	other = ibmvmc_session_new(t->adapter, NULL);
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 0), 0);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(transport_session(other).error, -ECONNRESET);
	come_back();
	add_initial_buffers();
	cr_expect_eq(t->timer_ms, IBMVMC_TIMER_OFF);
	ibmvmc_session_put(other);
}

Test(reset, the_session_number_survives)
{
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	come_back();
	ibmvmc_session_put(session);
	session = transport_open(t, 0, 4);
	cr_expect_eq(transport_session(session).session, 2);
}

Test(reset, a_send_without_a_partner_has_the_effect_of_an_event)
{
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	expect_lost();
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].error, -ENOTCONN);
	cr_expect_null(strpbrk(t->trace, "RF"));
	come_back();
}

Test(reset, a_send_before_the_event_is_handled_causes_no_second_reset)
{
	struct ibmvmc_crq_msg event;

	vmc_crq_control(&event, VMC_CRQ_TRANSPORT, VMC_EVENT_MIGRATED);
	transport_push(t, &event);
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	expect_lost();
	cr_expect_eq(t->events[IBMVMC_EVENT_TRANSPORT], 1);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	transport_advance(t, 0);
	cr_expect_not_null(strchr(t->trace, 'E'));
	come_back();
}

Test(reset, a_copy_before_the_event_is_handled_returns_econnreset)
{
	struct ibmvmc_crq_msg event;

	vmc_crq_control(&event, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &event);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	expect_lost();
	come_back();
}

Test(reset, an_open_before_the_event_is_handled_waits_for_the_channel)
{
	struct ibmvmc_file_session *other =
		ibmvmc_session_new(t->adapter, NULL);
	struct ibmvmc_crq_msg event;

	vmc_crq_control(&event, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &event);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	cr_expect_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 5000), 0);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_WAITING);
	come_back();
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_OPENING);

	/* Without an event in the queue the error is reported as it is. */
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	ibmvmc_session_put(other);
	other = ibmvmc_session_new(t->adapter, NULL);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(ibmvmc_session_open(other, 0, transport_hmc_id, 0), -EIO);
	ibmvmc_session_put(other);
}

Test(reset, an_open_before_all_entries_of_a_reset_are_handled_continues)
{
	struct ibmvmc_file_session *other =
		ibmvmc_session_new(t->adapter, NULL);
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &msg);
	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_push(t, &msg);
	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES_RESP,
				&transport_peer);
	transport_push(t, &msg);
	vmc_interface_encode(&msg,
			     &(struct vmc_interface){
				     .type = VMC_MSG_ADD_BUFFER, .index = 1 });
	transport_push(t, &msg);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	cr_expect_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 5000), 0);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_OPENING);
	ibmvmc_session_put(other);
}

Test(reset, a_waiting_open_survives_a_failure_before_the_event_is_handled)
{
	struct ibmvmc_file_session *other =
		ibmvmc_session_new(t->adapter, NULL);
	struct ibmvmc_crq_msg add, event;

	/* No buffer has been added yet. */
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	come_back();
	cr_assert_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 5000), 0);
	cr_assert_eq(transport_session(other).state, IBMVMC_SESSION_WAITING);
	vmc_interface_encode(&add,
			     &(struct vmc_interface){
				     .type = VMC_MSG_ADD_BUFFER, .index = 1 });
	vmc_crq_control(&event, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &add);
	transport_push(t, &event);
	transport_fail(t, TRANSPORT_COPY, -EIO, 1);
	transport_service(t);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_WAITING);
	come_back();
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_OPENING);
	ibmvmc_session_put(other);
}

Test(reset, an_open_waits_for_a_recovering_channel)
{
	struct ibmvmc_file_session *other =
		ibmvmc_session_new(t->adapter, NULL);
	struct vmc_capabilities strange = transport_peer;
	struct ibmvmc_crq_msg initialize;

	strange.version = 0x0201;
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &strange);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_FAILED);
	vmc_crq_control(&initialize, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_push(t, &initialize);
	cr_expect_eq(ibmvmc_session_open(other, 1, transport_hmc_id, 5000), 0);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_WAITING);
	transport_service(t);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_OPENING);
	ibmvmc_session_put(other);
}

Test(reset, a_queue_that_is_being_freed_is_not_read)
{
	transport_fail(t, TRANSPORT_FREE, -EBUSY, 2);
	self_reset();
	transport_advance(t, 0);
	cr_assert_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	transport_forget(t);
	/* A late interrupt is handled during the reset. */
	transport_fail(t, TRANSPORT_INTERRUPTS, -EIO, 2);
	transport_service(t);
	ibmvmc_resume(t->adapter);
	cr_expect_null(strchr(t->trace, 'I'));
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	transport_fail(t, TRANSPORT_INTERRUPTS, -EIO, 0);
	transport_advance(t, 100);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
}

Test(reset, a_response_before_the_event_is_handled_causes_no_second_reset)
{
	struct ibmvmc_crq_msg remove, event;

	vmc_interface_encode(
		&remove, &(struct vmc_interface){ .type = VMC_MSG_REMOVE_BUFFER,
						  .session = 1 });
	vmc_crq_control(&event, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	transport_push(t, &remove);
	transport_push(t, &event);
	transport_fail(t, TRANSPORT_SEND, -ENOTCONN, 1);
	transport_service(t);
	expect_lost();
	cr_expect_eq(t->events[IBMVMC_EVENT_TRANSPORT], 1);
	cr_expect_eq(t->events[IBMVMC_EVENT_RESET], 0);
	come_back();
}

Test(reset, a_copy_without_a_partner_has_the_effect_of_an_event)
{
	transport_fail(t, TRANSPORT_COPY, -ENOTCONN, 1);
	transport_signal(t, 0, 1, 2, 10);
	expect_lost();
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
}

Test(reset, d3_a_message_that_is_being_read_survives)
{
	struct ibmvmc_storage *message;
	const char *data;
	u32 len;

	memcpy(t->remote, "precious", 8);
	transport_signal(t, 0, 1, 2, 8);
	transport_signal(t, 0, 1, 4, 8);
	message = ibmvmc_session_receive(session);
	cr_assert_not_null(message);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(t->maps, 0);
	data = ibmvmc_storage_data(message, &len);
	cr_expect_eq(len, 8);
	cr_expect_eq(memcmp(data, "precious", 8), 0);
	ibmvmc_session_done(session, message);
	/* Queued messages stay readable, too. */
	cr_expect_eq(transport_session(session).queued, 1);
	cr_expect_eq(transport_session(session).next_length, 8);
	message = ibmvmc_session_receive(session);
	cr_assert_not_null(message);
	ibmvmc_session_done(session, message);
	cr_expect_null(ibmvmc_session_receive(session));
}

Test(reset, d2_an_old_session_cannot_touch_a_new_one)
{
	struct ibmvmc_file_session *other;

	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	come_back();
	other = transport_open(t, 0, 4);
	transport_forget(t);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	cr_expect_eq(ibmvmc_session_open(session, 0, transport_hmc_id, 0),
		     -EINVAL);
	transport_signal(t, 0, 2, 2, 3);
	cr_expect_null(ibmvmc_session_receive(session));
	cr_expect_eq(transport_session(other).queued, 1);
	ibmvmc_session_close(session);
	cr_expect_eq(transport_messages(t, VMC_MSG_CLOSE, NULL), 0);
	cr_expect_eq(transport_session(other).state, IBMVMC_SESSION_READY);
	ibmvmc_session_put(other);
}

Test(reset, a_restart_by_the_user_is_completed_by_the_timer)
{
	ibmvmc_restart(t->adapter);
	expect_lost();
	cr_expect_eq(t->last[IBMVMC_EVENT_RESET].type, IBMVMC_EVENT_RESET);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_SCHED_RESET);
	cr_assert_neq(t->timer_ms, IBMVMC_TIMER_OFF, "the timer is set");
	t->now_ms = t->timer_ms;
	ibmvmc_timer(t->adapter);
	cr_expect_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	come_back();
}
