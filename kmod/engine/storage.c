// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of a buffer: allocation, mapping, references, copies. Who may use
 * a buffer is not decided here.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "adapter.h"
#include "reset.h"
#include "storage.h"

int ibmvmc_storage_new(struct crq_server_adapter *adapter,
		       struct ibmvmc_buffer *buffer)
{
	struct ibmvmc_storage *storage;
	int rc = -ENOMEM;

	storage = kzalloc(sizeof(*storage), GFP_KERNEL);
	if (!storage)
		return -ENOMEM;
	/* By itself: a power of two is then aligned to its own size. */
	storage->data = kzalloc(adapter->mtu, GFP_KERNEL);
	if (!storage->data)
		goto free_storage;
	rc = adapter->ops->map(adapter->transport, storage->data, adapter->mtu,
			       &storage->ioba);
	if (rc)
		goto free_data;

	refcount_set(&storage->refs, 1);
	storage->size = adapter->mtu;
	storage->buffer = buffer;
	buffer->storage = storage;
	return 0;

free_data:
	kfree(storage->data);
free_storage:
	kfree(storage);
	return rc;
}

void ibmvmc_storage_detach(struct crq_server_adapter *adapter,
			   struct ibmvmc_buffer *buffer)
{
	struct ibmvmc_storage *storage = buffer->storage;

	adapter->ops->unmap(adapter->transport, storage->ioba, storage->size);
	storage->buffer = NULL;
	buffer->storage = NULL;
	ibmvmc_storage_put(storage);
}

void ibmvmc_storage_get(struct ibmvmc_storage *storage)
{
	refcount_inc(&storage->refs);
}

void ibmvmc_storage_put(struct ibmvmc_storage *storage)
{
	if (!refcount_dec_and_test(&storage->refs))
		return;
	kfree(storage->data);
	kfree(storage);
}

int ibmvmc_storage_copy(struct crq_server_adapter *adapter,
			enum ibmvmc_rdma direction,
			const struct ibmvmc_buffer *buffer, u32 len)
{
	int rc = adapter->ops->copy_rdma(adapter->transport, direction,
					 buffer->storage->ioba, buffer->lioba,
					 len);

	if (rc == -ENOTCONN)
		ibmvmc_partner_gone(adapter);
	else if (rc)
		rc = -EIO;
	return rc;
}

const void *ibmvmc_storage_data(const struct ibmvmc_storage *message, u32 *len)
{
	*len = message->len;
	return message->data;
}
