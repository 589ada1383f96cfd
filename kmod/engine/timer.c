// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one timer of an adapter. What is to be done at a deadline is decided
 * where the deadline was set.
 */
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "capabilities.h"
#include "channel.h"
#include "close.h"
#include "initial.h"
#include "open.h"
#include "reset.h"
#include "send.h"
#include "timer.h"
#include "window.h"

u64 ibmvmc_now(const struct crq_server_adapter *adapter)
{
	return adapter->host_ops->now_ms(adapter->host);
}

static u64 ibmvmc_earliest(const struct crq_server_adapter *adapter)
{
	u64 at = min(min(adapter->deadline, adapter->pending.retry_at),
		     min(adapter->window_deadline,
			 ibmvmc_waiting_deadline(&adapter->waiting)));
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		at = min(at, adapter->slots[i].deadline);
	return at;
}

void ibmvmc_finish(struct crq_server_adapter *adapter)
{
	u64 at;

	ibmvmc_settle(adapter);
	at = ibmvmc_earliest(adapter);
	if (at == adapter->armed)
		return;
	adapter->armed = at;
	adapter->host_ops->set_timer(adapter->host, at);
}

static void ibmvmc_channel_timeout(struct crq_server_adapter *adapter)
{
	adapter->deadline = IBMVMC_TIMER_OFF;
	switch (adapter->state) {
	case IBMVMC_STATE_SCHED_RESET:
	case IBMVMC_STATE_FAILED:
		ibmvmc_reset_task(adapter);
		break;
	case IBMVMC_STATE_CRQINIT:
		if (adapter->enabling)
			ibmvmc_enable_step(adapter);
		else
			ibmvmc_init_timeout(adapter);
		break;
	case IBMVMC_STATE_CAPABILITIES:
		ibmvmc_capabilities_timeout(adapter);
		break;
	case IBMVMC_STATE_READY:
		ibmvmc_first_timeout(adapter);
		break;
	default:
		break;
	}
}

static void ibmvmc_slot_timeout(struct ibmvmc_hmc *hmc)
{
	hmc->deadline = IBMVMC_TIMER_OFF;
	if (hmc->state == IBMVMC_HMC_OPENING)
		ibmvmc_open_timeout(hmc);
	else if (hmc->state == IBMVMC_HMC_CLOSING)
		ibmvmc_close_timeout(hmc);
	else if (hmc->state == IBMVMC_HMC_FREE)
		ibmvmc_initial_timeout(hmc);
}

void ibmvmc_timer(struct crq_server_adapter *adapter)
{
	u64 now = ibmvmc_now(adapter);
	unsigned int i;

	/* It fires once: whatever comes next, or a start, sets it again. */
	adapter->armed = IBMVMC_TIMER_OFF;
	if (!adapter->started)
		return;
	if (now >= adapter->pending.retry_at)
		ibmvmc_send_retry(adapter);
	if (now >= adapter->window_deadline)
		ibmvmc_window_timeout(adapter);
	ibmvmc_settle(adapter);
	if (now >= adapter->deadline)
		ibmvmc_channel_timeout(adapter);
	ibmvmc_settle(adapter);
	for (i = 0; i < adapter->hmcs; i++) {
		if (now >= adapter->slots[i].deadline)
			ibmvmc_slot_timeout(&adapter->slots[i]);
		ibmvmc_settle(adapter);
	}
	ibmvmc_waiting_expire(adapter, now);
	ibmvmc_finish(adapter);
}
