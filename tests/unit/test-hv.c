// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulated hypervisor: tests its valid configurations, the length of a step,
 * and the time of the next step. It does not test the protocol.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "partition.h"

static void nothing(void *host)
{
	(void)host;
}

static int try_new(const struct vmc_hv_config *config)
{
	static const struct vmc_hv_host host = { .interrupt = nothing };
	struct vmc_hv *hv = NULL;
	int rc = vmc_hv_new(config, &host, NULL, &hv);

	cr_assert_eq(hv != NULL, rc == 0);
	vmc_hv_free(hv);
	return rc;
}

Test(hv, accepts_every_value_in_range)
{
	struct vmc_hv_config smallest = { 1, 2, 32, 16, 0 };
	struct vmc_hv_config largest = { 64, 64, 16384, 256, 60000 };

	cr_expect_eq(try_new(&smallest), 0);
	cr_expect_eq(try_new(&largest), 0);
}

Test(hv, refuses_every_value_out_of_range)
{
	static const struct vmc_hv_config bad[] = {
		{ 0, 16, 4096, 64, 0 },	    { 65, 16, 4096, 64, 0 },
		{ 1, 1, 4096, 64, 0 },	    { 1, 65, 4096, 64, 0 },
		{ 1, 16, 31, 64, 0 },	    { 1, 16, 16385, 64, 0 },
		{ 1, 16, 4096, 8, 0 },	    { 1, 16, 4096, 512, 0 },
		{ 1, 16, 4096, 65, 0 },	    { 1, 16, 4096, 0, 0 },
		{ 1, 16, 4096, 64, 60001 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(try_new(&bad[i]), -EINVAL, "number %zu", i);
}

Test(hv, free_accepts_null)
{
	vmc_hv_free(NULL);
}

Test(hv, a_step_is_bounded)
{
	struct vmc_hv_config config = partition_config;
	struct vmc_hv_stats stats;
	struct partition *partition;

	config.crq_entries = 256;
	partition = partition_new(&config);
	for (int i = 0; i < 200; i++)
		partition_send_init(partition, VMC_INIT_COMPLETE);
	cr_expect(vmc_hv_step(partition->hv, partition->now_ms));
	vmc_hv_get_stats(partition->hv, &stats);
	cr_expect_eq(stats.received, 64);
	while (vmc_hv_step(partition->hv, partition->now_ms))
		;
	vmc_hv_get_stats(partition->hv, &stats);
	cr_expect_eq(stats.received, 200);
	cr_expect_eq(stats.queue_high, 200);
	partition_free(partition);
}

Test(hv, requests_no_step_while_idle)
{
	struct partition *partition = partition_new(&partition_config);

	cr_expect_eq(vmc_hv_next_step(partition->hv), VMC_HV_IDLE);
	partition_open(partition, 0, 1);
	cr_expect_eq(vmc_hv_next_step(partition->hv), VMC_HV_IDLE);
	cr_expect_eq(partition_violations(partition), 0);
	partition_free(partition);
}

Test(hv, requests_a_step_for_an_entry)
{
	struct partition *partition = partition_new(&partition_config);

	partition_send_init(partition, VMC_INIT_INITIALIZE);
	cr_expect_leq(vmc_hv_next_step(partition->hv), partition->now_ms);
	partition_free(partition);
}

Test(hv, retries_when_the_queue_of_the_partition_is_full)
{
	struct vmc_hv_config config = partition_config;
	struct partition *partition;

	config.pool = 64;
	partition = partition_new(&config);
	partition_bring_up(partition);
	partition_ask_open(partition, 0, 1);
	while (vmc_hv_step(partition->hv, partition->now_ms))
		;
	cr_expect_eq(vmc_hv_next_step(partition->hv), partition->now_ms + 10);
	partition_free(partition);
}

Test(hv, returns_the_name_of_a_session)
{
	struct partition *partition = partition_new(&partition_config);
	u8 id[VMC_HMC_ID_LEN];

	cr_expect_eq(vmc_hv_get_hmc_id(partition->hv, 0, id), -ENOTCONN);
	cr_expect_eq(vmc_hv_get_hmc_id(partition->hv, 2, id), -EINVAL);
	partition_open(partition, 0, 1);
	cr_assert_eq(vmc_hv_get_hmc_id(partition->hv, 0, id), 0);
	cr_expect_str_eq((const char *)id, "test");
	partition_free(partition);
}
