// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls of a partition: sending an entry, copying from and to buffers by
 * their addresses, asking for a device.
 */
#include <criterion/criterion.h>
#include <string.h>

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

TestSuite(hv_calls, .init = setup, .fini = teardown);

Test(hv_calls, send_takes_messages_and_initialisation_only)
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

	partition_open(partition, 0, 1);
	partition_open(partition, 1, 1);
	for (int index = 0; index < 2; index++)
		for (int id = 0; id < 16; id++) {
			memset(in, index * 16 + id, sizeof(in));
			cr_assert_eq(vmc_hv_copy_in(
				partition->hv,
				partition->buffers[index][id].lioba, in,
				sizeof(in)), VMC_H_SUCCESS);
		}
	for (int index = 0; index < 2; index++)
		for (int id = 0; id < 16; id++) {
			memset(in, index * 16 + id, sizeof(in));
			cr_assert_eq(vmc_hv_copy_out(
				partition->hv,
				partition->buffers[index][id].lioba, out,
				sizeof(out)), VMC_H_SUCCESS);
			cr_expect_arr_eq(in, out, sizeof(out));
		}
}

Test(hv_calls, copies_check_address_and_length)
{
	static const u32 wrong[] = { 0, 0x1000, 0xfffff000, 0xffffffff };
	static u8 data[4097];
	u32 lioba;

	partition_bring_up(partition);
	lioba = partition->buffers[0][0].lioba;
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, data, 4096),
		     VMC_H_SUCCESS);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba, data, 4097),
		     VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_copy_out(partition->hv, lioba, data, 4097),
		     VMC_H_PARAMETER);
	cr_expect_eq(vmc_hv_copy_in(partition->hv, lioba + 1, data, 1),
		     VMC_H_DEST_PARM);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cr_expect_eq(vmc_hv_copy_in(partition->hv, wrong[i], data, 1),
			     VMC_H_DEST_PARM);
		cr_expect_eq(vmc_hv_copy_out(partition->hv, wrong[i], data, 1),
			     VMC_H_SOURCE_PARM);
	}
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
