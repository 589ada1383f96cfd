// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knobs of the channel: tests delay, silence, absence, an unexpected entry,
 * and each way in which the channel can break. Fault rules are tested in
 * test-hv-fault.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "hv/knob.h"
#include "partition.h"

static struct partition *partition;

static void setup(void)
{
	partition = partition_new(&partition_config);
}

static void teardown(void)
{
	partition_free(partition);
}

TestSuite(hv_knobs, .init = setup, .fini = teardown);

Test(hv_knobs, each_entry_is_handled_after_the_delay)
{
	struct ibmvmc_crq_msg msg;
	u64 began = partition->now_ms;

	cr_assert_eq(vmc_hv_set_delay(partition->hv, 50), 0);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition->now_ms += 20;
	partition_send_capabilities(partition, NULL);

	cr_expect_eq(vmc_hv_next_step(partition->hv), began + 50);
	vmc_hv_step(partition->hv, began + 49);
	cr_expect_not(partition_take(partition, &msg));
	vmc_hv_step(partition->hv, began + 50);
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(vmc_crq_header(&msg), VMC_CRQ_INIT);
	cr_expect_not(partition_take(partition, &msg));
	cr_expect_eq(vmc_hv_next_step(partition->hv), began + 70);
	vmc_hv_step(partition->hv, began + 70);
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(vmc_crq_type(&msg), VMC_MSG_CAPABILITIES_RESP);
}

Test(hv_knobs, a_delay_has_a_limit)
{
	cr_expect_eq(vmc_hv_set_delay(partition->hv, VMC_HV_DELAY_MAX_MS), 0);
	cr_expect_eq(vmc_hv_set_delay(partition->hv, VMC_HV_DELAY_MAX_MS + 1),
		     -EINVAL);
}

Test(hv_knobs, ending_the_delay_handles_all_entries)
{
	vmc_hv_set_delay(partition->hv, 60000);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
	vmc_hv_set_delay(partition->hv, 0);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
}

Test(hv_knobs, a_stall_loses_nothing)
{
	partition_open(partition, 0, 1);
	vmc_hv_stall(partition->hv, true);
	partition_message(partition, 0, 1, "one", 3);
	partition_message(partition, 0, 1, "two", 3);
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, "three", 5), 0);
	partition_run(partition);
	cr_expect_eq(partition->messages, 0);
	cr_expect_eq(vmc_hv_next_step(partition->hv), VMC_HV_IDLE);

	vmc_hv_stall(partition->hv, false);
	cr_expect_leq(vmc_hv_next_step(partition->hv), partition->now_ms);
	partition_run(partition);
	cr_expect_eq(partition->messages, 3);
}

Test(hv_knobs, a_stall_fills_the_queue)
{
	long rc = VMC_H_SUCCESS;
	int sent = 0;

	vmc_hv_stall(partition->hv, true);
	while (rc == VMC_H_SUCCESS && sent <= partition_config.crq_entries) {
		rc = partition_send_init(partition, VMC_INIT_COMPLETE);
		partition_run(partition);
		sent += rc == VMC_H_SUCCESS;
	}
	cr_expect_eq(rc, VMC_H_DROPPED);
	cr_expect_eq(sent, partition_config.crq_entries);
}

static void forget_buffers(void)
{
	memset(partition->buffers, 0, sizeof(partition->buffers));
}

static void break_channel(u8 kind)
{
	u32 lioba;

	partition_open(partition, 0, 1);
	lioba = partition->buffers[0][0].lioba;
	cr_assert_eq(vmc_hv_flood(partition->hv, 0, 1000, 16), 0);
	partition_message(partition, 0, 1, "lost", 4);
	partition_forget_log(partition);
	cr_assert_eq(vmc_hv_transport_event(partition->hv, kind), 0);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, "x", 1), -ENOTCONN);
	cr_expect_neq(vmc_hv_copy_in(partition->hv, lioba, "x", 1),
		      VMC_H_SUCCESS);
	partition_run(partition);
	cr_assert_geq(partition->log_count, 1);
	cr_expect_eq(vmc_crq_word1(&partition->log[0]),
		     0xff00000000000000 | (u64)kind << 48);
	forget_buffers();
}

Test(hv_knobs, a_failed_partner_returns_by_itself)
{
	static const u8 kinds[] = { VMC_EVENT_PARTNER_FAILED,
				    VMC_EVENT_PARTNER_DEREGISTERED,
				    VMC_EVENT_PARTNER_TERMINATED };

	for (size_t i = 0; i < sizeof(kinds); i++) {
		break_channel(kinds[i]);
		cr_assert_eq(partition->log_count, 2);
		cr_expect_eq(vmc_crq_word1(&partition->log[1]),
			     0xc001000000000000);
		partition_send_init(partition, VMC_INIT_COMPLETE);
		partition_send_capabilities(partition, NULL);
		partition_run(partition);
		cr_expect_eq(partition->buffers[0][0].state, PARTITION_FREE);
		partition_open(partition, 0, 1);
		partition->messages = 0;
		partition_message(partition, 0, 1, "x", 1);
		partition_run(partition);
		cr_expect_eq(partition->messages, 1);
		partition_ask_close(partition, 0, 1);
		forget_buffers();
		partition_run(partition);
		forget_buffers();
	}
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_knobs, a_migration_waits_for_the_partition)
{
	break_channel(VMC_EVENT_MIGRATED);
	cr_expect_eq(partition->log_count, 1);
}

/* The hypervisor responds in order to the entries before the event. */
Test(hv_knobs, entries_sent_before_the_event_was_seen_are_dropped)
{
	struct vmc_interface late = { .type = VMC_MSG_CLOSE, .session = 1 };
	struct ibmvmc_crq_msg msg;

	partition_open(partition, 0, 1);
	for (int i = 0; i < 2; i++) {
		vmc_hv_transport_event(partition->hv, VMC_EVENT_PARTNER_FAILED);
		vmc_hv_step(partition->hv, partition->now_ms);
	}
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(partition_send(partition, &late), VMC_H_SUCCESS);
		cr_assert(partition_take(partition, &msg));
		cr_expect_eq(vmc_crq_header(&msg),
			     i == 1 ? VMC_CRQ_INIT : VMC_CRQ_TRANSPORT);
	}
	vmc_hv_step(partition->hv, partition->now_ms);
	cr_expect_eq(partition_violations(partition), 0);
	cr_expect(partition_take(partition, &msg));
	cr_expect_not(partition_take(partition, &msg));

	partition_send(partition, &late);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1,
		     "an entry sent after the events is a violation");
}

Test(hv_knobs, enabling_the_queue_shows_that_the_event_was_seen)
{
	vmc_hv_transport_event(partition->hv, VMC_EVENT_MIGRATED);
	vmc_hv_enable_queue(partition->hv);
	vmc_hv_enable_queue(partition->hv);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_COMPLETE, NULL),
		     1);
}

Test(hv_knobs, an_event_needs_a_queue)
{
	vmc_hv_free_queue(partition->hv);
	cr_expect_eq(vmc_hv_transport_event(partition->hv,
					    VMC_EVENT_PARTNER_FAILED),
		     -ENOTCONN);
}

Test(hv_knobs, a_stalled_hypervisor_still_sends_events)
{
	vmc_hv_stall(partition->hv, true);
	partition->interrupts = 0;
	vmc_hv_transport_event(partition->hv, VMC_EVENT_PARTNER_FAILED);
	partition_run(partition);
	cr_expect_eq(partition->interrupts, 1);
	cr_expect_eq(partition->log_count, 1);
	vmc_hv_stall(partition->hv, false);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_INITIALIZE, NULL),
		     1);
}

Test(hv_knobs, an_event_overwrites_the_last_entry_of_a_full_queue)
{
	vmc_hv_stall(partition->hv, true);
	for (int i = 0; i < PARTITION_RING; i++)
		vmc_hv_transport_event(partition->hv, VMC_EVENT_PARTNER_FAILED);
	vmc_hv_transport_event(partition->hv, VMC_EVENT_PARTNER_TERMINATED);
	for (int i = 0; i < PARTITION_RING; i++)
		cr_expect_eq(partition->ring[i].bytes[1],
			     i < PARTITION_RING - 1 ?
				     VMC_EVENT_PARTNER_FAILED :
				     VMC_EVENT_PARTNER_TERMINATED);
	partition_run(partition);
	cr_expect_eq(partition->log_count, PARTITION_RING);
	vmc_hv_stall(partition->hv, false);
	partition_run(partition);
	cr_expect_eq(partition->log_count, PARTITION_RING + 1);
}

Test(hv_knobs, an_absent_partner_accepts_only_a_registration)
{
	vmc_hv_free_queue(partition->hv);
	vmc_hv_set_partner(partition->hv, false);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, partition->ring,
					   PARTITION_RING),
		     VMC_H_CLOSED);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_CLOSED);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
	cr_expect_eq(vmc_hv_next_step(partition->hv), VMC_HV_IDLE);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, partition->ring,
					   PARTITION_RING),
		     VMC_H_RESOURCE);
}

Test(hv_knobs, a_partner_that_arrives_initialises_once)
{
	vmc_hv_set_partner(partition->hv, true);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0,
		     "a present partner sends no Initialize");

	vmc_hv_set_partner(partition->hv, false);
	vmc_hv_set_partner(partition->hv, true);
	vmc_hv_set_partner(partition->hv, true);
	partition_run(partition);
	cr_assert_eq(partition->log_count, 1);
	cr_expect_eq(vmc_crq_word1(&partition->log[0]), 0xc001000000000000);
	partition_send_init(partition, VMC_INIT_COMPLETE);
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	cr_expect_eq(partition->buffers[0][0].state, PARTITION_FREE);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_knobs, a_partner_that_arrives_without_a_queue_sends_nothing)
{
	vmc_hv_set_partner(partition->hv, false);
	vmc_hv_free_queue(partition->hv);
	vmc_hv_set_partner(partition->hv, true);
	partition_register(partition);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
}

/* Neither side notifies the other; the next entry is Initialize. */
Test(hv_knobs, a_partner_that_leaves_sends_no_event)
{
	struct vmc_interface close = { .type = VMC_MSG_CLOSE, .session = 1 };
	u32 lioba;

	partition_open(partition, 0, 1);
	lioba = partition->buffers[0][0].lioba;
	vmc_hv_flood(partition->hv, 0, 1000, 16);
	partition_forget_log(partition);
	vmc_hv_set_partner(partition->hv, false);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, "x", 1),
		     VMC_H_PERMISSION);
	cr_expect_eq(partition_send(partition, &close), VMC_H_CLOSED);
	cr_expect_eq(vmc_hv_emit(partition->hv, 0, "x", 1), -ENOTCONN);

	vmc_hv_set_partner(partition->hv, true);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, "x", 1),
		     VMC_H_DEST_PARM);
	partition_send(partition, &close);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
	cr_expect_eq(partition_violations(partition), 0,
		     "an entry sent before Initialize is seen is no violation");

	forget_buffers();
	partition_send_init(partition, VMC_INIT_COMPLETE);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_knobs, the_partition_must_initialise_the_new_partner)
{
	struct vmc_interface close = { .type = VMC_MSG_CLOSE, .session = 1 };

	vmc_hv_set_partner(partition->hv, false);
	vmc_hv_set_partner(partition->hv, true);
	partition_run(partition);
	partition_send_init(partition, VMC_INIT_COMPLETE);
	partition_send(partition, &close);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1);
}

Test(hv_knobs, any_entry_can_be_put_into_the_queue)
{
	u64 word = 0x0123456789abcdef;

	vmc_hv_stall(partition->hv, true);
	partition->interrupts = 0;
	for (u64 header = 1; header < 256; header++) {
		cr_assert_eq(vmc_hv_entry(partition->hv, header << 56, word),
			     0);
		cr_assert_eq(partition->ring[0].bytes[0], header);
		cr_expect_eq(vmc_crq_word2(&partition->ring[0]), word);
		vmc_hv_free_queue(partition->hv);
		partition_register(partition);
	}
	cr_expect_eq(partition->interrupts, 255);
}

Test(hv_knobs, an_entry_needs_a_header_a_queue_and_room)
{
	u64 word = 0xff99000000000000;

	cr_expect_eq(vmc_hv_entry(partition->hv, 0x00ffffffffffffff, 0),
		     -EINVAL);
	for (int i = 0; i < PARTITION_RING; i++)
		cr_expect_eq(vmc_hv_entry(partition->hv, word, 0), 0);
	cr_expect_eq(vmc_hv_entry(partition->hv, word, 0), -EBUSY);
	vmc_hv_free_queue(partition->hv);
	cr_expect_eq(vmc_hv_entry(partition->hv, word, 0), -ENOTCONN);
}

Test(hv_knobs, an_entry_changes_no_other_state)
{
	partition_open(partition, 0, 1);
	cr_assert_eq(vmc_hv_entry(partition->hv, 0xff06000000000000, 0), 0);
	partition_message(partition, 0, 1, "x", 1);
	partition_run(partition);
	cr_expect_eq(partition->messages, 1);
}

Test(hv_knobs, the_host_can_report_a_violation)
{
	vmc_hv_violation(partition->hv);
	cr_expect_eq(partition_violations(partition), 1);
}

static const char *shown(const char *name)
{
	static char text[VMC_HV_KNOB_TEXT];

	vmc_hv_find_knob(name, strlen(name))
		->show(partition->hv, text, sizeof(text));
	return text;
}

static int turn(const char *name, const char *words)
{
	const struct vmc_hv_knob *knob = vmc_hv_find_knob(name, strlen(name));
	struct vmc_hv_command command;
	int rc = vmc_hv_parse(knob, words, strlen(words), &command);

	return rc ? rc : vmc_hv_turn(partition->hv, &command);
}

Test(hv_knobs, show_their_settings)
{
	static const struct {
		const char *name;
		const char *words;
		const char *shown;
	} cases[] = {
		{ "partner", "off", "off\n" },
		{ "partner", "1", "on\n" },
		{ "partner", "restart", "on\n" },
		{ "stall", "on", "on\n" },
		{ "stall", "0\n", "off\n" },
		{ "delay", "7", "7\n" },
		{ "refuse", "open on", "open on\nrequest-vmc off\n" },
		{ "refuse", "request-vmc 1", "open on\nrequest-vmc on\n" },
		{ "offer", "1 8 512", "1 8 512\n" },
		{ "fault", "drop any", "drop any count 1\n" },
		{ "fault", "clear", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect_eq(turn(cases[i].name, cases[i].words), 0, "%s %s",
			     cases[i].name, cases[i].words);
		cr_expect_str_eq(shown(cases[i].name), cases[i].shown, "%s %s",
				 cases[i].name, cases[i].words);
	}
}

Test(hv_knobs, refuse_invalid_words)
{
	static const char *const wrong[][2] = {
		{ "stall", "" },
		{ "stall", " on" },
		{ "stall", "on " },
		{ "stall", "2" },
		{ "stall", "on off" },
		{ "delay", "-1" },
		{ "delay", "4294967296" },
		{ "delay", "0x1" },
		{ "delay", "60001" },
		{ "refuse", "open" },
		{ "refuse", "close on" },
		{ "event", "256" },
		{ "entry", "1" },
		{ "entry", "g 0" },
		{ "entry", "11111111111111111 0" },
		{ "emit", "0" },
		{ "flood", "0  1 1" },
		{ "offer", "3 16 4096" },
		{ "offer", "1 17 4096" },
		{ "offer", "1 16 4097" },
		{ "offer", "1 1 4096" },
		{ "remove", "0 65" },
		{ "fault", "" },
	};

	partition_open(partition, 0, 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(turn(wrong[i][0], wrong[i][1]), -EINVAL, "%s '%s'",
			     wrong[i][0], wrong[i][1]);
	cr_expect_null(vmc_hv_find_knob("stal", 4));
}

Test(hv_knobs, an_offer_is_used_from_the_next_exchange_on)
{
	partition_open(partition, 0, 1);
	cr_assert_eq(turn("offer", "2 8 4096"), 0);
	cr_expect_eq(partition_count(partition, 0, PARTITION_FREE) +
			     partition_count(partition, 0, PARTITION_THEIRS),
		     16);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	forget_buffers();
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	partition_open(partition, 0, 1);
	cr_expect_eq(partition_count(partition, 0, PARTITION_FREE) +
			     partition_count(partition, 0, PARTITION_THEIRS),
		     8);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_knobs, removed_buffers_stay_away_until_the_session_ends)
{
	partition_open(partition, 0, 1);
	cr_assert_eq(turn("remove", "0 3"), 0);
	cr_expect_eq(turn("remove", "0 1"), -EBUSY);
	partition_run(partition);
	cr_expect_eq(partition_count(partition, 0, PARTITION_FREE) +
			     partition_count(partition, 0, PARTITION_THEIRS),
		     13);
	cr_expect_eq(turn("remove", "1 1"), -ENOTCONN);
	partition_ask_close(partition, 0, 1);
	forget_buffers();
	partition_run(partition);
	partition_open(partition, 0, 2);
	cr_expect_eq(partition_count(partition, 0, PARTITION_FREE) +
			     partition_count(partition, 0, PARTITION_THEIRS),
		     16);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_knobs, an_unknown_event_breaks_the_channel_too)
{
	partition_open(partition, 0, 1);
	partition_forget_log(partition);
	cr_assert_eq(turn("event", "7"), 0);
	partition_run(partition);
	cr_assert_eq(partition->log_count, 2);
	cr_expect_eq(vmc_crq_word1(&partition->log[0]), 0xff07000000000000);
	cr_expect_eq(vmc_crq_word1(&partition->log[1]), 0xc001000000000000);
}
