// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers: memory of the buffers of a connection, and which side owns each. A
 * buffer is valid from Add Buffer to Remove Buffer, close or reset. Its memory is
 * also the object that a received message travels in; it lives until its last
 * holder returns it. No message is sent or received here.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "internal.h"
#include "vmc/message.h"

/**
 * ibmvmc_storage_new() - memory for one buffer, zeroed and mapped
 * @adapter: the channel is ready: its MTU is the size
 * @buffer: not valid; on success it has the storage and its one reference
 *
 * Return: 0, -ENOMEM, or what the transport's map returned.
 */
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

/**
 * ibmvmc_storage_get() - take one more reference
 * @storage: any
 */
void ibmvmc_storage_get(struct ibmvmc_storage *storage)
{
	refcount_inc(&storage->refs);
}

/**
 * ibmvmc_storage_put() - give a reference back; the last one frees the memory
 * @storage: any
 */
void ibmvmc_storage_put(struct ibmvmc_storage *storage)
{
	if (!refcount_dec_and_test(&storage->refs))
		return;
	kfree(storage->data);
	kfree(storage);
}

/**
 * ibmvmc_storage_detach() - end the mapping, and take the storage from its
 * buffer
 * @adapter: whose buffer it is
 * @buffer: valid; without storage afterwards
 *
 * Unmaps the length that was mapped. Who has the message keeps the memory.
 */
void ibmvmc_storage_detach(struct crq_server_adapter *adapter,
			   struct ibmvmc_buffer *buffer)
{
	struct ibmvmc_storage *storage = buffer->storage;

	adapter->ops->unmap(adapter->transport, storage->ioba, storage->size);
	storage->buffer = NULL;
	buffer->storage = NULL;
	ibmvmc_storage_put(storage);
}

/**
 * ibmvmc_storage_copy() - H_COPY_RDMA between a buffer's two halves
 * @adapter: started
 * @direction: which way
 * @buffer: valid
 * @len: bytes, at most the storage's size
 *
 * Return: 0; -ENOTCONN (the partner is gone; the channel will be reset when
 * the present call ends); -EIO.
 */
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

static bool ibmvmc_buffer_usable(const struct ibmvmc_buffer *buffer)
{
	return buffer->storage && buffer->free &&
	       buffer->owner == VMC_OWNER_PARTITION;
}

/**
 * ibmvmc_get_valid_hmc_buffer() - find a buffer that an Open or a message could
 * be put into (vmc-facts 3.2)
 * @adapter: any
 * @hmc_index: HMC index, any value
 *
 * Return: the one with the lowest number that is valid, ours and free; it
 * stays free. NULL if there is none, or no such index.
 */
struct ibmvmc_buffer *
ibmvmc_get_valid_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index)
{
	struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	for (i = 0; hmc && i < adapter->pool; i++)
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			return &hmc->buffers[i];
	return NULL;
}

/**
 * ibmvmc_get_free_hmc_buffer() - take a buffer to send with (vmc-facts 3.3)
 * @adapter: any
 * @hmc_index: HMC index, any value
 *
 * Return: as ibmvmc_get_valid_hmc_buffer(), but not free any more: the caller
 * gives it away by a Signal, or back by setting it free.
 */
struct ibmvmc_buffer *
ibmvmc_get_free_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index)
{
	struct ibmvmc_buffer *buffer =
		ibmvmc_get_valid_hmc_buffer(adapter, hmc_index);

	if (buffer)
		buffer->free = false;
	return buffer;
}

/**
 * ibmvmc_free_hmc_buffer() - forget a buffer
 * @hmc: whose buffer it is
 * @buffer: valid; not valid afterwards. A message that waits in it, or that a
 *	reader has, lives on
 */
void ibmvmc_free_hmc_buffer(struct ibmvmc_hmc *hmc,
			    struct ibmvmc_buffer *buffer)
{
	ibmvmc_storage_detach(hmc->adapter, buffer);
	buffer->free = false;
	if (hmc->open_buffer == buffer)
		hmc->open_buffer = NULL;
}

/**
 * ibmvmc_free_hmc_buffers() - forget all buffers of an index but one
 * @hmc: any
 * @keep: the one to keep, or NULL for none
 */
void ibmvmc_free_hmc_buffers(struct ibmvmc_hmc *hmc,
			     const struct ibmvmc_buffer *keep)
{
	unsigned int i;

	for (i = 0; i < hmc->adapter->config.buf_pool_size; i++)
		if (hmc->buffers[i].storage && &hmc->buffers[i] != keep)
			ibmvmc_free_hmc_buffer(hmc, &hmc->buffers[i]);
}

/**
 * ibmvmc_count_hmc_buffers() - how many buffers an index has
 * @adapter: any
 * @hmc_index: HMC index, any value; one that does not exist has none
 * @valid: set to the number of valid ones, 0..pool
 * @free: set to the number of those a message could be sent with
 */
void ibmvmc_count_hmc_buffers(const struct crq_server_adapter *adapter,
			      u8 hmc_index, unsigned int *valid,
			      unsigned int *free)
{
	const struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	*valid = 0;
	*free = 0;
	for (i = 0; hmc && i < adapter->pool; i++) {
		if (hmc->buffers[i].storage)
			(*valid)++;
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			(*free)++;
	}
}

/**
 * ibmvmc_release_buffer() - a buffer is ours and empty again
 * @hmc: whose buffer it is
 * @buffer: valid
 *
 * Wakes the writers of the slot's session if there was no other.
 */
void ibmvmc_release_buffer(struct ibmvmc_hmc *hmc,
			   struct ibmvmc_buffer *buffer)
{
	bool first = !ibmvmc_get_valid_hmc_buffer(hmc->adapter, hmc->index);

	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	if (first && hmc->file_session)
		ibmvmc_session_wake(hmc->file_session);
}
