// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of a channel, and the steps to a working registration. Bring-up
 * itself is channel.c.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "channel.h"
#include "crq.h"
#include "hmc.h"
#include "limits.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "timer.h"
#include "window.h"

void ibmvmc_partner_gone(struct crq_server_adapter *adapter)
{
	if (adapter->trouble != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble = IBMVMC_TROUBLE_PARTNER_GONE;
	adapter->trouble_error = -ENOTCONN;
}

void ibmvmc_channel_broken(struct crq_server_adapter *adapter, int error)
{
	if (adapter->trouble != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble = IBMVMC_TROUBLE_RESET;
	adapter->trouble_error = error;
}

void ibmvmc_settle(struct crq_server_adapter *adapter)
{
	/* The event that tells why the partner is gone may wait in the queue. */
	if (adapter->trouble == IBMVMC_TROUBLE_PARTNER_GONE &&
	    crq_queue_pending(&adapter->queue)) {
		if (adapter->draining)
			return;
		ibmvmc_drain(adapter, adapter->queue.size);
	}
	if (adapter->trouble == IBMVMC_TROUBLE_NONE)
		return;
	ibmvmc_report(adapter, IBMVMC_EVENT_RESET, -1, 0,
		      adapter->trouble_error);
	ibmvmc_reset(adapter,
		     adapter->trouble == IBMVMC_TROUBLE_PARTNER_GONE);
}

/*
 * Deaf: the queue does not work, so that the partner cannot revive us. A partner
 * that gave no buffer does not notice that it should.
 */
static void ibmvmc_channel_failed(struct crq_server_adapter *adapter, bool deaf)
{
	adapter->deadline = IBMVMC_TIMER_OFF;
	if (deaf || adapter->starved)
		adapter->deadline = ibmvmc_now(adapter) + IBMVMC_REVIVE_MS;
	ibmvmc_set_state(adapter, IBMVMC_STATE_FAILED);
}

void ibmvmc_forget_peer(struct crq_server_adapter *adapter)
{
	ibmvmc_send_reset(adapter);
	ibmvmc_window_reset(adapter);
	adapter->hmcs = 0;
	adapter->pool = 0;
	adapter->mtu = 0;
	adapter->peer_crq_entries = 0;
	adapter->peer_version = 0;
	adapter->trouble = IBMVMC_TROUBLE_NONE;
}

void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event)
{
	u64 now = ibmvmc_now(adapter);
	bool deaf = adapter->enabling || !adapter->registered ||
		    !adapter->listening;
	unsigned int i;

	adapter->resets++;
	/* Slots that were never opened have buffers, too. */
	for (i = 0; i < adapter->config.max_hmcs; i++)
		ibmvmc_return_hmc(&adapter->slots[i], true);
	ibmvmc_forget_peer(adapter);
	adapter->close_failures = 0;
	adapter->peer_initialized = false;
	adapter->tries = 0;

	if (xport_event) {
		if (adapter->state == IBMVMC_STATE_FAILED)
			adapter->self_resets = 0;
		adapter->deadline = now + IBMVMC_INIT_MS;
		ibmvmc_set_state(adapter, IBMVMC_STATE_CRQINIT);
		if (adapter->enabling)
			ibmvmc_enable_queue(adapter);
		return;
	}

	if (adapter->self_resets >= IBMVMC_SELF_RESETS) {
		ibmvmc_channel_failed(adapter, deaf);
		return;
	}
	adapter->self_resets++;
	adapter->deadline = max(now, adapter->next_reset);
	adapter->next_reset = adapter->deadline + IBMVMC_RESET_SPACING_MS;
	adapter->give_up = adapter->deadline + IBMVMC_FREE_TOTAL_MS;
	ibmvmc_set_state(adapter, IBMVMC_STATE_SCHED_RESET);
}

static void ibmvmc_come_again(struct crq_server_adapter *adapter, u32 delay_ms)
{
	adapter->deadline = ibmvmc_now(adapter) +
			    clamp_t(u32, delay_ms, IBMVMC_DELAY_MIN_MS,
				    IBMVMC_DELAY_MAX_MS);
}

/* Free the queue and register it; -EBUSY if it is not free yet. */
static int ibmvmc_reset_crq_queue(struct crq_server_adapter *adapter,
				  u32 *delay_ms)
{
	int rc;

	if (adapter->registered) {
		adapter->ops->set_interrupts(adapter->transport, false);
		rc = adapter->ops->free_queue(adapter->transport, delay_ms);
		if (rc == -EBUSY)
			return rc;
		/* What could not be freed may be there yet. */
		if (!rc)
			adapter->registered = false;
	}
	return ibmvmc_register_queue(adapter);
}

void ibmvmc_reset_task(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = ibmvmc_reset_crq_queue(adapter, &delay_ms);
	if (!rc)
		ibmvmc_bring_up(adapter);
	else if (rc == -EBUSY && ibmvmc_now(adapter) >= adapter->give_up)
		ibmvmc_channel_failed(adapter, true);
	else if (rc == -EBUSY)
		ibmvmc_come_again(adapter, delay_ms);
	else if (++adapter->tries >= IBMVMC_REGISTER_TRIES)
		ibmvmc_channel_failed(adapter, true);
	else
		ibmvmc_come_again(adapter, IBMVMC_REGISTER_MS);
}

void ibmvmc_enable_queue(struct crq_server_adapter *adapter)
{
	u64 now = ibmvmc_now(adapter);

	adapter->enabling = true;
	adapter->deadline = now;
	adapter->give_up = now + IBMVMC_ENABLE_TOTAL_MS;
}

void ibmvmc_enable_step(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = adapter->ops->enable_queue(adapter->transport, &delay_ms);
	if (!rc)
		ibmvmc_bring_up(adapter);
	else if (rc == -EBUSY && ibmvmc_now(adapter) < adapter->give_up)
		ibmvmc_come_again(adapter, delay_ms);
	else
		ibmvmc_channel_broken(adapter, rc);
}
