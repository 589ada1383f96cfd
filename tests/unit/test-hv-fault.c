// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fault rules: tests their text, and the effect of each action on entries and
 * hcalls. The engine under faults is tested by tests/model/fault-matrix.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hv/internal.h"
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

TestSuite(hv_fault, .init = setup, .fini = teardown);

static int add(const char *words)
{
	struct vmc_hv_fault fault;
	int rc = vmc_hv_fault_parse(words, strlen(words), &fault);

	return rc ? rc : vmc_hv_fault_add(partition->hv, &fault);
}

static struct vmc_hv_stats stats(void)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(partition->hv, &stats);
	return stats;
}

/* A parsed rule is printed in the same words. */
static void check_words(const char *words, bool valid)
{
	struct vmc_hv_fault fault;
	char printed[96];
	int rc = vmc_hv_fault_parse(words, strlen(words), &fault);

	cr_assert_eq(rc, valid ? 0 : -EINVAL, "%s", words);
	if (!valid)
		return;
	cr_expect_eq(vmc_hv_fault_print(&fault, printed, sizeof(printed)),
		     (int)strlen(words));
	cr_expect_str_eq(printed, words);
}

Test(hv_fault, every_rule_is_printed_as_it_was_parsed)
{
	char words[96];

	for (int m = 0; m < VMC_HV_MESSAGES; m++) {
		const struct vmc_hv_message *message = &vmc_hv_messages[m];

		snprintf(words, sizeof(words), "drop %s count 1",
			 message->name);
		check_words(words, true);
		snprintf(words, sizeof(words), "delay %s ms 60000 count 2",
			 message->name);
		check_words(words, true);
		for (int f = 0; f < VMC_HV_FIELDS; f++) {
			snprintf(words, sizeof(words),
				 "corrupt %s %s +255 index 3 skip 1 count 9",
				 message->name, vmc_hv_fields[f].name);
			check_words(words,
				    message->layout & vmc_hv_fields[f].layouts);
		}
	}
	for (int c = 0; c < VMC_HV_CALLS; c++) {
		for (int a = 0; a < VMC_HV_ANSWERS; a++) {
			snprintf(words, sizeof(words), "hcall %s %s count 1",
				 vmc_hv_calls[c], vmc_hv_answers[a].name);
			check_words(words, true);
		}
	}
	check_words("duplicate signal from hypervisor count 1", true);
}

Test(hv_fault, invalid_rules_are_refused)
{
	static const char *const wrong[] = {
		"",
		" ",
		"drop",
		"drop ",
		"lose open",
		"drop opens",
		"drop open ",
		"drop open count",
		"drop open count 0",
		"drop open count x",
		"drop open ms 1",
		"drop open index 255",
		"drop open 1",
		"drop open from hypervisor",
		"drop open-response from partition",
		"delay open ms 60001",
		"corrupt open",
		"corrupt open session",
		"corrupt open session 256",
		"corrupt open pool 1",
		"corrupt open session +",
		"corrupt capabilities buffer 1",
		"refuse signal",
		"refuse add-buffer",
		"refuse initialize",
		"hcall",
		"hcall send-crq",
		"hcall send-crq success",
		"hcall send busy",
		"hcall send-crq busy index 0",
		"clear all",
		"drop  open",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(add(wrong[i]), -EINVAL, "'%s'", wrong[i]);
}

Test(hv_fault, the_number_of_rules_is_limited)
{
	for (int i = 0; i < VMC_HV_FAULTS; i++)
		cr_expect_eq(add("drop any"), 0);
	cr_expect_eq(add("drop any"), -ENOSPC);
	vmc_hv_fault_clear(partition->hv);
	cr_expect_eq(add("drop any"), 0);
}

Test(hv_fault, skipped_entries_pass_and_the_count_ends_a_rule)
{
	partition_bring_up(partition);
	cr_assert_eq(add("drop open skip 1 count 2"), 0);
	for (u8 session = 1; session <= 4; session++) {
		partition_forget_log(partition);
		partition_ask_open(partition, 0, 1);
		partition_run(partition);
		cr_expect_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
					      VMC_MSG_OPEN_RESP, NULL),
			     session == 1 || session == 4, "%u", session);
	}
	cr_expect_eq(stats().faults, 2);
}

Test(hv_fault, an_index_limits_a_rule)
{
	partition_bring_up(partition);
	cr_assert_eq(add("drop open index 1 count 9"), 0);
	partition_ask_open(partition, 0, 1);
	partition_ask_open(partition, 1, 1);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_OPEN_RESP, NULL),
		     1);
}

Test(hv_fault, a_duplicate_arrives_twice)
{
	cr_assert_eq(add("duplicate initialize-response"), 0);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	cr_expect_eq(partition_logged(partition, VMC_CRQ_INIT,
				      VMC_INIT_COMPLETE, NULL),
		     2);
}

static void check_order(const char *rule, u64 ms)
{
	struct vmc_interface last;

	partition_open(partition, 0, 1);
	partition_forget_log(partition);
	cr_assert_eq(add(rule), 0);
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, "first", 5), 0);
	partition_run(partition);
	cr_expect_eq(partition->messages, 0);
	cr_assert_eq(vmc_hv_emit(partition->hv, 0, "second one", 10), 0);
	partition_run(partition);
	cr_expect_eq(partition->messages, ms ? 1 : 2);
	partition_run_for(partition, ms);
	cr_expect_eq(partition->messages, 2);
	partition_logged(partition, VMC_CRQ_MESSAGE, VMC_MSG_SIGNAL, &last);
	cr_expect_eq(last.word, 5, "the first message arrives last");
}

Test(hv_fault, a_reordered_entry_arrives_after_the_next)
{
	check_order("reorder signal from hypervisor", 0);
}

Test(hv_fault, a_delayed_entry_arrives_after_its_time)
{
	check_order("delay signal from hypervisor ms 500", 500);
}

Test(hv_fault, a_reordered_entry_without_a_successor_arrives_later)
{
	partition_bring_up(partition);
	partition_forget_log(partition);
	cr_assert_eq(add("reorder close-response"), 0);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_expect_eq(vmc_hv_next_step(partition->hv), VMC_HV_IDLE,
		     "the Add Buffer arrives before the Close Response");
	cr_expect_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_CLOSE_RESP, NULL),
		     1);
	cr_assert_eq(add("reorder initialize-response"), 0);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	cr_expect_eq(vmc_hv_next_step(partition->hv),
		     partition->now_ms + VMC_HV_REORDER_MS);
}

Test(hv_fault, a_field_is_set_or_incremented)
{
	struct vmc_interface last;

	partition_bring_up(partition);
	cr_assert_eq(add("corrupt open-response buffer +513"), 0);
	cr_assert_eq(add("corrupt open-response session 77"), 0);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	partition_logged(partition, VMC_CRQ_MESSAGE, VMC_MSG_OPEN_RESP, &last);
	cr_expect_eq(last.buffer_id, 513);
	cr_expect_eq(last.session, 1, "one rule applies to an entry");
}

Test(hv_fault, an_entry_without_the_valid_bit_is_not_handled)
{
	cr_assert_eq(add("corrupt initialize-response valid 0"), 0);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 1);
}

Test(hv_fault, refused_requests_are_answered_with_a_failure)
{
	struct vmc_interface last;

	partition_bring_up(partition);
	cr_assert_eq(add("refuse open"), 0);
	partition_ask_open(partition, 0, 1);
	partition_run(partition);
	partition_logged(partition, VMC_CRQ_MESSAGE, VMC_MSG_OPEN_RESP, &last);
	cr_expect_neq(last.status, VMC_STATUS_SUCCESS);
	partition_open(partition, 0, 2);
	cr_assert_eq(add("refuse close"), 0);
	partition_ask_close(partition, 0, 2);
	partition_run(partition);
	partition_logged(partition, VMC_CRQ_MESSAGE, VMC_MSG_CLOSE_RESP, &last);
	cr_expect_neq(last.status, VMC_STATUS_SUCCESS);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_fault, consequences_of_a_fault_are_no_violations)
{
	partition_open(partition, 0, 1);
	cr_assert_eq(add("corrupt close session 9"), 0);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 0);
	cr_expect_eq(stats().provoked, 1);
	for (u8 session = 1; session <= VMC_HV_FAULT_SESSIONS; session++) {
		partition_ask_close(partition, 0, session);
		memset(partition->buffers, 0, sizeof(partition->buffers));
		partition_run(partition);
		partition_open(partition, 0, session + 1);
	}
	partition_ask_close(partition, 0, 77);
	partition_run(partition);
	cr_expect_eq(partition_violations(partition), 1,
		     "a fault excuses violations of its session only");
}

Test(hv_fault, calls_fail_and_have_no_effect)
{
	u32 drc_index;

	partition_bring_up(partition);
	partition_forget_log(partition);
	cr_assert_eq(add("hcall send-crq dropped skip 1"), 0);
	cr_assert_eq(add("hcall copy-rdma permission"), 0);
	cr_assert_eq(add("hcall request-vmc hardware"), 0);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_COMPLETE),
		     VMC_H_SUCCESS);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_DROPPED);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, 0, "x", 1),
		     VMC_H_PERMISSION);
	cr_expect_eq(vmc_hv_request_vmc(partition->hv, &drc_index),
		     VMC_H_HARDWARE);
	cr_expect_eq(vmc_hv_request_vmc(partition->hv, &drc_index),
		     VMC_H_SUCCESS);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_fault, a_queue_that_is_being_freed_gets_no_entries)
{
	partition_bring_up(partition);
	partition_forget_log(partition);
	cr_assert_eq(add("hcall free-crq long-busy-10ms count 2"), 0);
	cr_expect_eq(vmc_hv_free_queue(partition->hv), VMC_H_LONG_BUSY_10_MSEC);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_CLOSED);
	partition_run(partition);
	cr_expect_eq(partition->log_count, 0);
	cr_expect_eq(vmc_hv_free_queue(partition->hv), VMC_H_LONG_BUSY_10_MSEC);
	cr_expect_eq(vmc_hv_free_queue(partition->hv), VMC_H_SUCCESS);
	cr_assert_eq(add("hcall reg-crq resource"), 0);
	cr_assert_eq(add("hcall reg-crq closed"), 0);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, partition->ring,
					   PARTITION_RING),
		     VMC_H_RESOURCE);
	cr_expect_eq(vmc_hv_register_queue(partition->hv, partition->ring,
					   PARTITION_RING),
		     VMC_H_CLOSED);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_INITIALIZE),
		     VMC_H_SUCCESS);
}
