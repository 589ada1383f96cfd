// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypervisor calls: tests the hcalls of a partition that send an entry, copy
 * from and to buffers by their addresses, and request a device. It does not
 * test the protocol.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "partition.h"
#include "vmc/payload.h"

static struct partition *partition;

static void setup(void)
{
	partition = partition_new(&partition_config);
}

static void teardown(void)
{
	partition_free(partition);
}

TestSuite(hv_calls, .init = setup, .fini = teardown);

/* Returns buffer @number, counted over connections of 16 buffers each. */
static u32 lioba_of(int number)
{
	return partition->buffers[number / 16][number % 16].lioba;
}

static enum partition_buffer_state state_of(int number)
{
	return partition->buffers[number / 16][number % 16].state;
}

static long copy_in(u32 lioba, const u8 *data, u32 len)
{
	return vmc_hv_copy_in(partition->hv, lioba, data, len);
}

static long copy_out(u32 lioba, u8 *data, u32 len)
{
	return vmc_hv_copy_out(partition->hv, lioba, data, len);
}

Test(hv_calls, send_accepts_messages_and_initialisation_only)
{
	for (unsigned int header = 0; header < 256; header++) {
		bool allowed = header == 0x80 || header == 0xc0;
		long rc = vmc_hv_send(partition->hv, (u64)header << 56, 0, 0);

		cr_expect_eq(rc, allowed ? VMC_H_SUCCESS : VMC_H_PARAMETER,
			     "header %02x", header);
	}
}

Test(hv_calls, send_is_dropped_when_the_queue_is_full)
{
	for (int i = 0; i < partition_config.crq_entries; i++)
		cr_assert_eq(partition_send_init(partition, VMC_INIT_COMPLETE),
			     VMC_H_SUCCESS);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_COMPLETE),
		     VMC_H_DROPPED);
	partition_run(partition);
	cr_expect_eq(partition_send_init(partition, VMC_INIT_COMPLETE),
		     VMC_H_SUCCESS);
}

Test(hv_calls, addresses_are_distinct_and_aligned)
{
	u32 lioba[2 * 16];
	unsigned int count = 0;

	partition_open(partition, 0, 1);
	partition_open(partition, 1, 1);
	for (int index = 0; index < 2; index++)
		for (int id = 0; id < 16; id++)
			lioba[count++] = partition->buffers[index][id].lioba;
	for (unsigned int i = 0; i < count; i++) {
		cr_expect_neq(lioba[i], 0);
		cr_expect_eq(lioba[i] & 0xfff, 0);
		for (unsigned int j = 0; j < i; j++)
			cr_expect_neq(lioba[i], lioba[j]);
	}
}

Test(hv_calls, copies_go_to_the_buffer_of_the_address)
{
	u8 in[4096], out[4096];
	const void *lent;

	partition_open(partition, 0, 1);
	partition_open(partition, 1, 1);
	for (int i = 0; i < 2 * 16; i++) {
		if (state_of(i) != PARTITION_FREE)
			continue;
		memset(in, i, sizeof(in));
		cr_assert_eq(copy_in(lioba_of(i), in, sizeof(in)),
			     VMC_H_SUCCESS);
	}
	for (int i = 0; i < 2 * 16; i++) {
		if (state_of(i) != PARTITION_FREE)
			continue;
		memset(in, i, sizeof(in));
		cr_assert_eq(copy_out(lioba_of(i), out, sizeof(out)),
			     VMC_H_SUCCESS);
		cr_expect_arr_eq(in, out, sizeof(out));
		cr_assert_eq(vmc_hv_lend(partition->hv, lioba_of(i),
					 sizeof(out), &lent),
			     VMC_H_SUCCESS);
		cr_expect_arr_eq(in, lent, sizeof(out));
	}
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_calls, copies_check_the_address)
{
	static const u32 wrong[] = { 0, 0x1000, 0xfffff000, 0xffffffff };
	const unsigned int count = sizeof(wrong) / sizeof(wrong[0]);
	u8 data[1] = { 0 };
	const void *lent;

	partition_bring_up(partition);
	cr_expect_eq(copy_in(lioba_of(0) + 1, data, 1), VMC_H_DEST_PARM);
	for (unsigned int i = 0; i < count; i++) {
		cr_expect_eq(copy_in(wrong[i], data, 1), VMC_H_DEST_PARM);
		cr_expect_eq(copy_out(wrong[i], data, 1), VMC_H_SOURCE_PARM);
		cr_expect_eq(vmc_hv_lend(partition->hv, wrong[i], 1, &lent),
			     VMC_H_SOURCE_PARM);
		cr_expect_null(lent);
	}
	cr_expect_eq(partition_violations(partition), 1 + 3 * count);
}

Test(hv_calls, copies_are_limited_to_the_negotiated_mtu)
{
	const struct vmc_capabilities caps = {
		.hmcs = 1,
		.pool = 16,
		.mtu = 512,
		.crq_entries = PARTITION_RING,
		.version = VMC_VERSION,
	};
	u8 data[513] = { 0 };

	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_send_capabilities(partition, &caps);
	partition_run(partition);
	cr_expect_eq(copy_in(lioba_of(0), data, 512), VMC_H_SUCCESS);
	cr_expect_eq(copy_out(lioba_of(0), data, 512), VMC_H_SUCCESS);
	cr_expect_eq(partition_violations(partition), 0);
	cr_expect_eq(copy_in(lioba_of(0), data, 513), VMC_H_PARAMETER);
	cr_expect_eq(copy_out(lioba_of(0), data, 513), VMC_H_PARAMETER);
	cr_expect_eq(partition_violations(partition), 2);
}

Test(hv_calls, buffers_of_the_hypervisor_are_not_copied)
{
	unsigned int refused = 0;
	u8 data[1] = { 0 };

	partition_open(partition, 0, 1);
	for (int i = 0; i < 16; i++) {
		if (state_of(i) != PARTITION_THEIRS)
			continue;
		cr_expect_eq(copy_in(lioba_of(i), data, 1), VMC_H_DEST_PARM);
		cr_expect_eq(copy_out(lioba_of(i), data, 1), VMC_H_SOURCE_PARM);
		refused += 2;
	}
	cr_expect_gt(refused, 0);
	cr_expect_eq(partition_violations(partition), refused);
}

Test(hv_calls, a_signal_passes_the_right_to_copy)
{
	const struct vmc_payload silent = {
		.length = VMC_PAYLOAD_HEADER_LEN,
		.target = VMC_TARGET_ROUTER,
		.opcode = VMC_ROUTER_ECHO,
	};
	u8 data[VMC_PAYLOAD_HEADER_LEN];
	u32 lioba;

	partition_open(partition, 0, 1);
	lioba = lioba_of(0);
	vmc_payload_encode(data, &silent);
	partition_message(partition, 0, 1, data, sizeof(data));
	cr_expect_eq(copy_in(lioba, data, 1), VMC_H_SUCCESS,
		     "the Signal was not taken yet");
	partition_run(partition);
	cr_expect_eq(copy_in(lioba, data, 1), VMC_H_DEST_PARM);
	cr_expect_eq(copy_out(lioba, data, 1), VMC_H_SOURCE_PARM);
	cr_expect_eq(partition_violations(partition), 2);

	cr_assert_eq(vmc_hv_emit(partition->hv, 0, "x", 1), 0);
	partition_run(partition);
	cr_expect_eq(state_of(0), PARTITION_FREE);
	cr_expect_eq(copy_out(lioba, data, 1), VMC_H_SUCCESS);
	cr_expect_eq(data[0], 'x');
	cr_expect_eq(partition_violations(partition), 2);
}

Test(hv_calls, an_offered_buffer_may_be_copied_before_its_response_is_handled)
{
	struct vmc_interface add;
	struct ibmvmc_crq_msg msg;
	unsigned int own = 0;
	u8 data[1] = { 0 };

	partition_bring_up(partition);
	partition_ask_open(partition, 0, 1);
	vmc_hv_step(partition->hv, partition->now_ms);
	while (partition_take(partition, &msg)) {
		cr_assert_eq(vmc_interface_decode(&msg, &add), 0);
		cr_assert_eq(add.type, VMC_MSG_ADD_BUFFER);
		if (add.owner == VMC_OWNER_PARTITION) {
			cr_expect_eq(copy_in(add.word, data, 1), VMC_H_SUCCESS);
			own++;
		} else {
			cr_expect_eq(copy_in(add.word, data, 1),
				     VMC_H_DEST_PARM);
		}
	}
	cr_expect_eq(own, 16 / 2 - 1);
	cr_expect_eq(partition_violations(partition), 16 / 2);
}

Test(hv_calls, a_copy_before_the_event_is_taken_is_no_violation)
{
	struct ibmvmc_crq_msg msg;
	u8 data[1] = { 0 };
	u32 lioba;

	partition_open(partition, 0, 1);
	lioba = lioba_of(0);
	vmc_hv_transport_event(partition->hv, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(copy_in(lioba, data, 1), VMC_H_DEST_PARM);
	cr_expect_eq(copy_out(lioba, data, 1), VMC_H_SOURCE_PARM);
	cr_expect_eq(partition_violations(partition), 0);
	cr_assert(partition_take(partition, &msg));
	cr_expect_eq(copy_in(lioba, data, 1), VMC_H_DEST_PARM);
	cr_expect_eq(partition_violations(partition), 1);
}

Test(hv_calls, an_address_ends_with_its_session)
{
	u8 data[8] = "old";
	u32 lioba;

	partition_open(partition, 0, 1);
	lioba = partition->buffers[0][0].lioba;
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	cr_expect_neq(partition->buffers[0][0].lioba, lioba);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, data, sizeof(data)),
		     VMC_H_DEST_PARM);
	cr_expect_eq(vmc_hv_copy_out(partition->hv, lioba, data, sizeof(data)),
		     VMC_H_SOURCE_PARM);
}

Test(hv_calls, request_vmc_can_be_refused)
{
	u32 drc_index = 0;

	cr_expect_eq(vmc_hv_request_vmc(partition->hv, &drc_index),
		     VMC_H_SUCCESS);
	cr_expect_neq(drc_index, 0);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_VMC, true);
	cr_expect_eq(vmc_hv_request_vmc(partition->hv, &drc_index),
		     VMC_H_AUTHORITY);
	vmc_hv_set_refused(partition->hv, VMC_HV_REQUEST_VMC, false);
	cr_expect_eq(vmc_hv_request_vmc(partition->hv, &drc_index),
		     VMC_H_SUCCESS);
}
