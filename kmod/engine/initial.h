/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initial buffers: without one an HMC index cannot be opened, and only the
 * hypervisor can add it. This watches for those that do not arrive and has the
 * channel reset, so that the partner starts over. It adds no buffer itself.
 */
#ifndef IBMVMC_INITIAL_H
#define IBMVMC_INITIAL_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_hmc;

/**
 * ibmvmc_await_initial() - start the time of a missing initial buffer
 * @hmc: any; nothing changes unless it is free and has no usable buffer
 */
void ibmvmc_await_initial(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_await_buffers() - the channel is ready: its initial buffers are due
 * @adapter: in state READY, just negotiated
 *
 * Starts the time of every index, and that of the channel, which ends with the
 * first buffer.
 */
void ibmvmc_await_buffers(struct crq_server_adapter *adapter);

/**
 * ibmvmc_initial_arrived() - a free slot may have got its buffer
 * @hmc: any; nothing changes unless it is free and has a usable buffer
 */
void ibmvmc_initial_arrived(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_is_starved() - has no index had a buffer since the channel became ready
 * @adapter: any
 *
 * Nothing can be opened while this is true.
 */
bool ibmvmc_is_starved(const struct crq_server_adapter *adapter);

/**
 * ibmvmc_first_timeout() - no index of the ready channel got a buffer in time
 * @adapter: in state READY
 */
void ibmvmc_first_timeout(struct crq_server_adapter *adapter);

/**
 * ibmvmc_initial_timeout() - a free slot got no initial buffer in time
 * @hmc: free
 *
 * The channel is reset if the slot is still without one. A reset that would end
 * a session is put off.
 */
void ibmvmc_initial_timeout(struct ibmvmc_hmc *hmc);

#endif
