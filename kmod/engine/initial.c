// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Initial buffers: requests a reset of the channel if an initial buffer is
 * missing for too long. Such a connection cannot be opened, and only the
 * hypervisor can add a buffer. It does not handle Add Buffer.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"

static bool ibmvmc_lacks_buffer(const struct ibmvmc_hmc *hmc)
{
	return hmc->state == IBMVMC_HMC_FREE &&
	       !ibmvmc_get_valid_hmc_buffer(hmc->adapter, hmc->index);
}

static u64 ibmvmc_initial_deadline(const struct crq_server_adapter *adapter,
				   u32 wait_ms)
{
	unsigned int doublings = min_t(unsigned int, adapter->recovery.starved,
				       IBMVMC_INITIAL_DOUBLINGS);

	return ibmvmc_now(adapter) + ((u64)wait_ms << doublings);
}

/**
 * ibmvmc_await_initial() - start the timeout of a missing initial buffer
 * @hmc: connection; unchanged unless it is free and has no usable buffer
 */
void ibmvmc_await_initial(struct ibmvmc_hmc *hmc)
{
	if (ibmvmc_lacks_buffer(hmc))
		hmc->deadline = ibmvmc_initial_deadline(hmc->adapter,
							IBMVMC_INITIAL_MS);
}

/**
 * ibmvmc_await_buffers() - start the timeouts of all initial buffers
 * @adapter: adapter that has just entered state READY
 *
 * Starts a timeout for each connection, and one for the channel, which the
 * first buffer stops.
 */
void ibmvmc_await_buffers(struct crq_server_adapter *adapter)
{
	unsigned int i;

	adapter->deadline =
		ibmvmc_initial_deadline(adapter, IBMVMC_FIRST_BUFFER_MS);
	for (i = 0; i < adapter->negotiated.hmcs; i++)
		ibmvmc_await_initial(&adapter->connections[i]);
}

static bool ibmvmc_all_have_buffers(const struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++)
		if (ibmvmc_lacks_buffer(&adapter->connections[i]))
			return false;
	return true;
}

/**
 * ibmvmc_initial_arrived() - stop the timeout of an initial buffer
 * @hmc: connection; unchanged unless it is free and has a usable buffer
 */
void ibmvmc_initial_arrived(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;

	if (hmc->state != IBMVMC_HMC_FREE || ibmvmc_lacks_buffer(hmc))
		return;
	hmc->deadline = IBMVMC_TIMER_OFF;
	if (ibmvmc_is_starved(adapter)) {
		adapter->deadline = IBMVMC_TIMER_OFF;
		adapter->recovery.self_resets = 0;
		ibmvmc_report_usable(hmc);
	}
	if (adapter->recovery.starved && ibmvmc_all_have_buffers(adapter))
		adapter->recovery.starved = 0;
}

static void ibmvmc_starved(struct crq_server_adapter *adapter)
{
	adapter->recovery.starved++;
	ibmvmc_channel_broken(adapter, -ENOBUFS);
}

/**
 * ibmvmc_first_timeout() - reset a ready channel that received no buffer
 * @adapter: adapter in state READY
 */
void ibmvmc_first_timeout(struct crq_server_adapter *adapter)
{
	ibmvmc_starved(adapter);
}

/**
 * ibmvmc_initial_timeout() - handle the timeout of an initial buffer
 * @hmc: free connection
 *
 * Resets the channel if the buffer is still missing, but not while any session
 * is open: the timeout is restarted then.
 */
void ibmvmc_initial_timeout(struct ibmvmc_hmc *hmc)
{
	if (!ibmvmc_lacks_buffer(hmc))
		return;
	if (ibmvmc_any_session(hmc->adapter))
		ibmvmc_await_initial(hmc);
	else
		ibmvmc_starved(hmc->adapter);
}
