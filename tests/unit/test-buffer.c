// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers: tests the selection and invalidation of a connection's buffers.
 */
#include <criterion/criterion.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(buffer, .init = setup, .fini = teardown);

Test(buffer, d12_an_invalid_descriptor_is_never_found)
{
	cr_expect_null(ibmvmc_get_valid_hmc_buffer(t->adapter, 0));
	cr_expect_null(ibmvmc_get_free_hmc_buffer(t->adapter, 0));
	cr_expect_null(ibmvmc_get_free_hmc_buffer(t->adapter, 2));
	cr_expect_null(ibmvmc_get_free_hmc_buffer(t->adapter, 255));

	/* An invalid buffer is not found even if it is marked as free. */
	ibmvmc_hmc_at(t->adapter, 0)->buffers[0].free = true;
	cr_expect_null(ibmvmc_get_free_hmc_buffer(t->adapter, 0));
}

Test(buffer, buffers_of_the_hypervisor_are_never_found)
{
	transport_add(t, 0, 0, 0, VMC_OWNER_HYPERVISOR);
	cr_expect_null(ibmvmc_get_valid_hmc_buffer(t->adapter, 0));
}

Test(buffer, finding_keeps_a_buffer_free_and_reserving_does_not)
{
	struct ibmvmc_buffer *buffer;

	transport_add(t, 0, 0, 5, VMC_OWNER_PARTITION);
	transport_add(t, 0, 0, 3, VMC_OWNER_PARTITION);
	buffer = ibmvmc_get_valid_hmc_buffer(t->adapter, 0);
	cr_expect_eq(buffer->id, 3);
	cr_expect_eq(ibmvmc_get_free_hmc_buffer(t->adapter, 0), buffer);
	cr_expect_not(buffer->free);
	cr_expect_eq(ibmvmc_get_free_hmc_buffer(t->adapter, 0)->id, 5);
	cr_expect_null(ibmvmc_get_free_hmc_buffer(t->adapter, 0));
	ibmvmc_release_buffer(ibmvmc_hmc_at(t->adapter, 0), buffer);
	cr_expect_eq(ibmvmc_get_valid_hmc_buffer(t->adapter, 0), buffer);
}

Test(buffer, counts_include_one_index_only)
{
	unsigned int valid, free;

	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	transport_add(t, 0, 0, 1, VMC_OWNER_HYPERVISOR);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	ibmvmc_count_hmc_buffers(t->adapter, 0, &valid, &free);
	cr_expect_eq(valid, 2);
	cr_expect_eq(free, 1);
	ibmvmc_count_hmc_buffers(t->adapter, 1, &valid, &free);
	cr_expect_eq(valid, 1);
	ibmvmc_count_hmc_buffers(t->adapter, 9, &valid, &free);
	cr_expect_eq(valid, 0);
	cr_expect_eq(free, 0);
}

Test(buffer, an_invalidated_buffer_is_unmapped_and_empty)
{
	struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(t->adapter, 0);

	transport_add(t, 0, 0, 2, VMC_OWNER_PARTITION);
	hmc->open_buffer = &hmc->buffers[2];
	ibmvmc_free_hmc_buffer(hmc, &hmc->buffers[2]);
	cr_expect_eq(t->maps, 0);
	cr_expect_null(hmc->buffers[2].storage);
	cr_expect_null(hmc->open_buffer);
	cr_expect_eq(hmc->buffers[2].id, 2);
}

Test(buffer, all_but_one_can_be_invalidated)
{
	struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(t->adapter, 0);
	u16 id;

	for (id = 0; id < 16; id++)
		transport_add(t, 0, 0, id, VMC_OWNER_PARTITION);
	ibmvmc_free_hmc_buffers(hmc, &hmc->buffers[7]);
	cr_expect_eq(t->maps, 1);
	cr_expect_not_null(hmc->buffers[7].storage);
	ibmvmc_free_hmc_buffers(hmc, NULL);
	cr_expect_eq(t->maps, 0);
}
