// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Storage: tests the memory of a buffer, its mapping and its references.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;
static struct ibmvmc_buffer *buffer;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
	buffer = &ibmvmc_hmc_at(t->adapter, 0)->buffers[0];
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(storage, .init = setup, .fini = teardown);

Test(storage, is_zeroed_and_of_one_mtu)
{
	const u8 *data;
	u32 i;

	cr_assert_eq(ibmvmc_storage_new(t->adapter, buffer), 0);
	cr_expect_eq(buffer->storage->size, 4096);
	cr_expect_eq(t->mapped_bytes, 4096);
	data = buffer->storage->data;
	for (i = 0; i < 4096; i++)
		cr_assert_eq(data[i], 0);
	ibmvmc_storage_detach(t->adapter, buffer);
}

Test(storage, memory_that_cannot_be_mapped_is_freed)
{
	transport_fail(t, TRANSPORT_MAP, -ENOMEM, 1);
	cr_expect_eq(ibmvmc_storage_new(t->adapter, buffer), -ENOMEM);
	cr_expect_null(buffer->storage);
}

Test(storage, the_mapping_ends_with_the_buffer_but_not_the_memory)
{
	struct ibmvmc_storage *storage;
	u32 len;

	cr_assert_eq(ibmvmc_storage_new(t->adapter, buffer), 0);
	storage = buffer->storage;
	storage->len = 3;
	ibmvmc_storage_get(storage);
	ibmvmc_storage_detach(t->adapter, buffer);
	cr_expect_eq(t->maps, 0);
	cr_expect_null(buffer->storage);
	cr_expect_null(storage->buffer);
	cr_expect_eq(*(const u8 *)ibmvmc_storage_data(storage, &len), 0);
	cr_expect_eq(len, 3);
	ibmvmc_storage_put(storage);
}

Test(storage, every_failing_copy_is_an_io_error)
{
	cr_assert_eq(ibmvmc_storage_new(t->adapter, buffer), 0);
	buffer->lioba = 0x24000;
	transport_fail(t, TRANSPORT_COPY, -EPERM, 1);
	cr_expect_eq(ibmvmc_storage_copy(t->adapter, IBMVMC_RDMA_TO_HYPERVISOR,
					 buffer, 10),
		     -EIO);
	cr_expect_eq(t->copy_lioba, 0x24000);
	cr_expect_eq(t->adapter->trouble.kind, IBMVMC_TROUBLE_NONE);
	transport_fail(t, TRANSPORT_COPY, -ENOTCONN, 1);
	cr_expect_eq(ibmvmc_storage_copy(t->adapter, IBMVMC_RDMA_TO_HYPERVISOR,
					 buffer, 10),
		     -ENOTCONN);
	cr_expect_eq(t->adapter->trouble.kind, IBMVMC_TROUBLE_PARTNER_GONE);
	ibmvmc_storage_detach(t->adapter, buffer);
}
