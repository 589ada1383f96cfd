// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers: manages the buffers of a connection, their memory and their owners.
 * It neither sends nor receives entries.
 *
 * A buffer is valid from Add Buffer until Remove Buffer, close or reset. Its
 * memory also carries a received message, and is freed with its last reference.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "vmc/message.h"

/**
 * ibmvmc_storage_new() - allocate and map zeroed memory for a buffer
 * @adapter: adapter whose channel is ready; its MTU is the size
 * @buffer: buffer that is not valid; holds the only reference on success
 *
 * Return: 0, -ENOMEM, or the error of the transport's map operation.
 */
int ibmvmc_storage_new(struct crq_server_adapter *adapter,
		       struct ibmvmc_buffer *buffer)
{
	struct ibmvmc_storage *storage;
	int rc = -ENOMEM;

	storage = kzalloc(sizeof(*storage), GFP_KERNEL);
	if (!storage)
		return -ENOMEM;
	/* A separate allocation: kmalloc aligns a power of two to its size. */
	storage->data = kzalloc(adapter->negotiated.mtu, GFP_KERNEL);
	if (!storage->data)
		goto free_storage;
	rc = adapter->ops->map(adapter->transport, storage->data,
			       adapter->negotiated.mtu, &storage->ioba);
	if (rc)
		goto free_data;

	refcount_set(&storage->refs, 1);
	storage->size = adapter->negotiated.mtu;
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
 * ibmvmc_storage_get() - take a reference
 * @storage: storage
 */
void ibmvmc_storage_get(struct ibmvmc_storage *storage)
{
	refcount_inc(&storage->refs);
}

/**
 * ibmvmc_storage_put() - release a reference; the last one frees the memory
 * @storage: storage
 */
void ibmvmc_storage_put(struct ibmvmc_storage *storage)
{
	if (!refcount_dec_and_test(&storage->refs))
		return;
	kfree(storage->data);
	kfree(storage);
}

/**
 * ibmvmc_storage_detach() - unmap a buffer's storage and release it
 * @adapter: adapter of the buffer
 * @buffer: valid buffer; has no storage afterwards
 *
 * Unmaps the length that was mapped. A session or reader that holds the message
 * keeps the memory alive, and a message that the hypervisor lent is copied into
 * it.
 */
void ibmvmc_storage_detach(struct crq_server_adapter *adapter,
			   struct ibmvmc_buffer *buffer)
{
	struct ibmvmc_storage *storage = buffer->storage;

	if (storage->lent && refcount_read(&storage->refs) > 1)
		memcpy(storage->data, storage->lent, storage->len);
	storage->lent = NULL;
	adapter->ops->unmap(adapter->transport, storage->ioba, storage->size);
	storage->buffer = NULL;
	buffer->storage = NULL;
	ibmvmc_storage_put(storage);
}

/* Converts the result of a copy, and records that the partner is gone. */
static int ibmvmc_copied(struct crq_server_adapter *adapter, int rc)
{
	if (rc == -ENOTCONN)
		ibmvmc_partner_gone(adapter);
	else if (rc)
		rc = -EIO;
	return rc;
}

/**
 * ibmvmc_storage_copy() - copy between the two halves of a buffer
 * @adapter: started adapter
 * @direction: direction of the copy
 * @buffer: valid buffer
 * @len: length in bytes, at most the storage's size
 *
 * Return: 0; -ENOTCONN (the partner is gone; the channel is reset when the
 * present call ends); -EIO.
 */
int ibmvmc_storage_copy(struct crq_server_adapter *adapter,
			enum ibmvmc_rdma direction,
			const struct ibmvmc_buffer *buffer, u32 len)
{
	int rc = adapter->ops->copy_rdma(adapter->transport, direction,
					 buffer->storage->ioba, buffer->lioba,
					 len);

	return ibmvmc_copied(adapter, rc);
}

/**
 * ibmvmc_storage_send() - copy a message of the host to the hypervisor
 * @adapter: started adapter
 * @buffer: valid buffer
 * @data: @len bytes
 * @len: length in bytes, at most the storage's size
 *
 * Return: as ibmvmc_storage_copy().
 */
int ibmvmc_storage_send(struct crq_server_adapter *adapter,
			const struct ibmvmc_buffer *buffer, const void *data,
			u32 len)
{
	unsigned long ioba = (unsigned long)data;
	int rc;

	if (!adapter->direct) {
		memcpy(buffer->storage->data, data, len);
		return ibmvmc_storage_copy(adapter, IBMVMC_RDMA_TO_HYPERVISOR,
					   buffer, len);
	}
	rc = adapter->ops->copy_rdma(adapter->transport,
				     IBMVMC_RDMA_TO_HYPERVISOR, ioba,
				     buffer->lioba, len);
	return ibmvmc_copied(adapter, rc);
}

/**
 * ibmvmc_storage_receive() - copy or borrow a message of the hypervisor
 * @adapter: started adapter
 * @buffer: valid buffer
 * @len: length in bytes, at most the storage's size
 *
 * Return: as ibmvmc_storage_copy().
 */
int ibmvmc_storage_receive(struct crq_server_adapter *adapter,
			   const struct ibmvmc_buffer *buffer, u32 len)
{
	int rc = 0;

	if (adapter->direct)
		rc = adapter->ops->lend(adapter->transport, buffer->lioba, len,
					&buffer->storage->lent);
	if (rc || buffer->storage->lent)
		return ibmvmc_copied(adapter, rc);
	return ibmvmc_storage_copy(adapter, IBMVMC_RDMA_FROM_HYPERVISOR, buffer,
				   len);
}

const void *ibmvmc_storage_data(const struct ibmvmc_storage *message, u32 *len)
{
	*len = message->len;
	return message->lent ?: message->data;
}

static bool ibmvmc_buffer_usable(const struct ibmvmc_buffer *buffer)
{
	return buffer->storage && buffer->free &&
	       buffer->owner == VMC_OWNER_PARTITION;
}

/**
 * ibmvmc_get_valid_hmc_buffer() - find a buffer for an Open or a message
 * @adapter: adapter
 * @hmc_index: HMC index, not checked by the caller
 *
 * The buffer stays free.
 *
 * Return: the buffer with the lowest number that is valid, free and owned by
 * the partition; NULL if there is none or the index does not exist.
 */
struct ibmvmc_buffer *
ibmvmc_get_valid_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index)
{
	struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	for (i = 0; hmc && i < adapter->negotiated.pool; i++)
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			return &hmc->buffers[i];
	return NULL;
}

/**
 * ibmvmc_get_free_hmc_buffer() - reserve a buffer to send a message
 * @adapter: adapter
 * @hmc_index: HMC index, not checked by the caller
 *
 * The buffer is no longer free. The caller passes it to the hypervisor by a
 * Signal, or sets it free again.
 *
 * Return: as ibmvmc_get_valid_hmc_buffer().
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
 * ibmvmc_free_hmc_buffer() - invalidate a buffer
 * @hmc: connection of the buffer
 * @buffer: valid buffer; not valid afterwards
 *
 * A message in the buffer that is queued or held by a reader stays readable.
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
 * ibmvmc_free_hmc_buffers() - invalidate the buffers of a connection
 * @hmc: connection
 * @keep: buffer that stays valid, or NULL
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
 * ibmvmc_count_hmc_buffers() - count the buffers of a connection
 * @adapter: adapter
 * @hmc_index: HMC index; an index that does not exist has no buffers
 * @valid: set to the number of valid buffers, 0..pool
 * @free: set to the number of buffers that can carry a message to send
 */
void ibmvmc_count_hmc_buffers(const struct crq_server_adapter *adapter,
			      u8 hmc_index, unsigned int *valid,
			      unsigned int *free)
{
	const struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	*valid = 0;
	*free = 0;
	for (i = 0; hmc && i < adapter->negotiated.pool; i++) {
		if (hmc->buffers[i].storage)
			(*valid)++;
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			(*free)++;
	}
}

/**
 * ibmvmc_release_buffer() - make a buffer free and owned by the partition
 * @hmc: connection of the buffer
 * @buffer: valid buffer
 *
 * Wakes the writers of the connection's session if no other buffer was free.
 */
void ibmvmc_release_buffer(struct ibmvmc_hmc *hmc, struct ibmvmc_buffer *buffer)
{
	bool first = !ibmvmc_get_valid_hmc_buffer(hmc->adapter, hmc->index);

	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	buffer->storage->lent = NULL;
	if (first && hmc->file_session)
		ibmvmc_session_wake(hmc->file_session);
}
