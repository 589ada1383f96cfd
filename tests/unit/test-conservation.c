// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conservation: tests that no buffer is lost. After any use of the channel,
 * once all queues are drained, the partition and the hypervisor have the same
 * buffers with the same owners.
 */
#include <criterion/criterion.h>

#include "books.h"
#include "random-use.h"

#define SEEDS 25
#define STEPS 3000
#define STEPS_TO_A_REST 100

static struct random_use use;
static u32 seed;

static void check_books(void)
{
	const char *error = books_disagree(use.sim, 0);

	cr_assert_null(error, "seed %u: %s", seed, error);
}

static void check_seeds(const struct ibmvmc_config *engine,
			const struct vmc_hv_config *hv)
{
	for (seed = 1; seed <= SEEDS; seed++) {
		random_use_begin(&use, engine, hv, seed);
		for (int step = 1; step <= STEPS; step++) {
			random_use_step(&use);
			if (step % STEPS_TO_A_REST)
				continue;
			random_use_rest(&use);
			check_books();
		}
		/* The random use must have covered sessions and messages. */
		cr_assert_gt(use.ready, 0, "seed %u", seed);
		cr_assert_gt(use.taken, STEPS / 100, "seed %u", seed);
		random_use_end(&use);
	}
}

Test(conservation, no_buffer_is_lost_with_one_index_and_the_smallest_queue)
{
	const struct ibmvmc_config engine = { 1, VMC_POOL_MIN, VMC_MTU_MIN, 0 };
	const struct vmc_hv_config hv = { 1, VMC_POOL_MIN, VMC_MTU_MIN,
					  VMC_CRQ_ENTRIES_MIN, 0 };

	check_seeds(&engine, &hv);
}

Test(conservation, no_buffer_is_lost_with_three_indices_and_a_large_queue)
{
	const struct ibmvmc_config engine = { 3, VMC_POOL_MIN, VMC_MTU_MIN, 0 };
	const struct vmc_hv_config hv = { 3, VMC_POOL_MIN, VMC_MTU_MIN,
					  VMC_CRQ_ENTRIES_4K, 0 };

	check_seeds(&engine, &hv);
}

Test(conservation, no_buffer_is_lost_with_a_smaller_partner)
{
	const struct ibmvmc_config engine = { 6, VMC_POOL_MAX, VMC_MTU_MAX, 0 };
	const struct vmc_hv_config hv = { 4, VMC_HV_POOL_MIN, 512, 64, 0 };

	check_seeds(&engine, &hv);
}

Test(conservation, no_buffer_is_lost_with_a_larger_partner)
{
	const struct ibmvmc_config engine = { 2, VMC_POOL_MIN, VMC_MTU_MIN, 0 };
	const struct vmc_hv_config hv = { 5, VMC_POOL_MAX, VMC_MTU_MAX, 32, 0 };

	check_seeds(&engine, &hv);
}
