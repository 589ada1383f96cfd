/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a buffer, which is also the object that a received message
 * travels in: it is handed from the buffer to the reader without a copy or an
 * allocation. The mapping ends with the buffer, the memory with its last
 * holder.
 */
#ifndef IBMVMC_STORAGE_H
#define IBMVMC_STORAGE_H

#include <linux/types.h>

#include "transport.h"

struct crq_server_adapter;
struct ibmvmc_buffer;
struct ibmvmc_storage;

/**
 * ibmvmc_storage_new() - memory for one buffer, zeroed and mapped
 * @adapter: the channel is ready: its MTU is the size
 * @buffer: not valid; on success it has the storage and its one reference
 *
 * Return: 0, -ENOMEM, or what the transport's map returned.
 */
int ibmvmc_storage_new(struct crq_server_adapter *adapter,
		       struct ibmvmc_buffer *buffer);

/**
 * ibmvmc_storage_detach() - end the mapping, and take the storage from its
 * buffer
 * @adapter: whose buffer it is
 * @buffer: valid; without storage afterwards
 *
 * Unmaps the length that was mapped. Who has the message keeps the memory.
 */
void ibmvmc_storage_detach(struct crq_server_adapter *adapter,
			   struct ibmvmc_buffer *buffer);

/**
 * ibmvmc_storage_get() - take one more reference
 * @storage: any
 */
void ibmvmc_storage_get(struct ibmvmc_storage *storage);

/**
 * ibmvmc_storage_put() - give a reference back; the last one frees the memory
 * @storage: any
 */
void ibmvmc_storage_put(struct ibmvmc_storage *storage);

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
			const struct ibmvmc_buffer *buffer, u32 len);

#endif
