/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The buffers of one HMC index, and who may use which. A buffer is valid from
 * Add Buffer to Remove Buffer, close or reset; it belongs to exactly one side,
 * and each Signal hands it over (vmc-facts 2.5, 3.3, 3.4).
 */
#ifndef IBMVMC_BUFFER_H
#define IBMVMC_BUFFER_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_buffer;
struct ibmvmc_hmc;

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
ibmvmc_get_valid_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index);

/**
 * ibmvmc_get_free_hmc_buffer() - take a buffer to send with (vmc-facts 3.3)
 * @adapter: any
 * @hmc_index: HMC index, any value
 *
 * Return: as ibmvmc_get_valid_hmc_buffer(), but not free any more: the caller
 * gives it away by a Signal, or back by setting it free.
 */
struct ibmvmc_buffer *
ibmvmc_get_free_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index);

/**
 * ibmvmc_free_hmc_buffer() - forget a buffer
 * @hmc: whose buffer it is
 * @buffer: valid; not valid afterwards. A message that waits in it, or that a
 *	reader has, lives on
 */
void ibmvmc_free_hmc_buffer(struct ibmvmc_hmc *hmc,
			    struct ibmvmc_buffer *buffer);

/**
 * ibmvmc_free_hmc_buffers() - forget all buffers of an index but one
 * @hmc: any
 * @keep: the one to keep, or NULL for none
 */
void ibmvmc_free_hmc_buffers(struct ibmvmc_hmc *hmc,
			     const struct ibmvmc_buffer *keep);

/**
 * ibmvmc_count_hmc_buffers() - how many buffers an index has
 * @adapter: any
 * @hmc_index: HMC index, any value; one that does not exist has none
 * @valid: set to the number of valid ones, 0..pool
 * @free: set to the number of those a message could be sent with
 */
void ibmvmc_count_hmc_buffers(const struct crq_server_adapter *adapter,
			      u8 hmc_index, unsigned int *valid,
			      unsigned int *free);

/**
 * ibmvmc_release_buffer() - a buffer is ours and empty again
 * @hmc: whose buffer it is
 * @buffer: valid
 *
 * Wakes the writers of the slot's session if there was no other.
 */
void ibmvmc_release_buffer(struct ibmvmc_hmc *hmc,
			   struct ibmvmc_buffer *buffer);

#endif
