// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The channel as a whole: start, bring-up, stop.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "channel.h"
#include "close.h"
#include "crq.h"
#include "file-session.h"
#include "hmc.h"
#include "limits.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "timer.h"

void ibmvmc_set_state(struct crq_server_adapter *adapter,
		      enum ibmvmc_state state)
{
	if (adapter->state == state)
		return;
	adapter->state = state;
	ibmvmc_report(adapter, IBMVMC_EVENT_STATE, -1, (u32)state, 0);
}

int ibmvmc_register_queue(struct crq_server_adapter *adapter)
{
	int rc;

	crq_queue_clear(&adapter->queue);
	rc = adapter->ops->register_queue(adapter->transport);
	if (!rc || rc == -EEXIST)
		adapter->registered = true;
	return rc;
}

int ibmvmc_listen(struct crq_server_adapter *adapter)
{
	int rc = adapter->ops->set_interrupts(adapter->transport, true);

	adapter->listening = !rc;
	if (rc)
		ibmvmc_channel_broken(adapter, rc);
	return rc;
}

static void ibmvmc_send_initialize(struct crq_server_adapter *adapter)
{
	struct ibmvmc_crq_msg msg;
	u32 wait_ms, delay_ms;

	/* Closed is also a queue that was disabled by an event we never saw. */
	if (adapter->closed)
		adapter->ops->enable_queue(adapter->transport, &delay_ms);
	wait_ms = min_t(u32, IBMVMC_INIT_MS << adapter->tries,
			IBMVMC_INIT_MS_MAX);
	if (adapter->tries <= IBMVMC_INIT_TRIES)
		adapter->tries++;
	adapter->deadline = ibmvmc_now(adapter) + wait_ms;
	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	/* Without a partner it fails, and the partner will come to us. */
	adapter->closed = ibmvmc_send_now(adapter, &msg) == -ENOTCONN;
}

void ibmvmc_bring_up(struct crq_server_adapter *adapter)
{
	adapter->enabling = false;
	adapter->closed = false;
	adapter->peer_initialized = false;
	adapter->tries = 0;
	adapter->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_set_state(adapter, IBMVMC_STATE_CRQINIT);
	if (ibmvmc_listen(adapter))
		return;
	ibmvmc_drain(adapter, adapter->queue.size);
	if (adapter->state == IBMVMC_STATE_CRQINIT && !adapter->enabling)
		ibmvmc_send_initialize(adapter);
}

void ibmvmc_init_timeout(struct crq_server_adapter *adapter)
{
	/* The first one after a reset was waited for, not asked for. */
	if (adapter->tries && adapter->tries <= IBMVMC_INIT_TRIES)
		ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, -1, VMC_CRQ_INIT,
			      -ETIMEDOUT);
	ibmvmc_send_initialize(adapter);
}

int ibmvmc_start(struct crq_server_adapter *adapter)
{
	int rc;

	rc = ibmvmc_register_queue(adapter);
	if (rc && rc != -EEXIST)
		return rc;

	adapter->started = true;
	adapter->tries = 0;
	adapter->self_resets = 0;
	adapter->starved = 0;
	if (rc) {
		/* A registration is left over: free it as a reset does. */
		adapter->give_up = ibmvmc_now(adapter) + IBMVMC_FREE_TOTAL_MS;
		ibmvmc_set_state(adapter, IBMVMC_STATE_SCHED_RESET);
		ibmvmc_reset_task(adapter);
	} else {
		ibmvmc_bring_up(adapter);
	}
	ibmvmc_finish(adapter);
	return 0;
}

void ibmvmc_restart(struct crq_server_adapter *adapter)
{
	if (!adapter->started)
		return;
	/* A restart by the user resets all counters of failed attempts. */
	adapter->self_resets = 0;
	adapter->starved = 0;
	if (adapter->state == IBMVMC_STATE_SCHED_RESET)
		return;
	ibmvmc_report(adapter, IBMVMC_EVENT_RESET, -1, 0, 0);
	ibmvmc_reset(adapter, false);
	ibmvmc_finish(adapter);
}

/* Tell the partner of the end of every session, and forget everything. */
static void ibmvmc_stop_sessions(struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_hmc *hmc;
	unsigned int i;

	for (i = 0; i < adapter->config.max_hmcs; i++) {
		hmc = &adapter->slots[i];
		if (hmc->file_session)
			ibmvmc_close_hmc(hmc, -ENODEV);
	}
	for (i = 0; i < adapter->config.max_hmcs; i++)
		ibmvmc_return_hmc(&adapter->slots[i], false);
	list_for_each_entry(session, &adapter->sessions, node)
		ibmvmc_session_end(session, -ENODEV);
}

int ibmvmc_stop(struct crq_server_adapter *adapter, u32 *delay_ms)
{
	int rc = 0;

	ibmvmc_stop_sessions(adapter);
	/* What was not sent at once is not sent any more. */
	ibmvmc_forget_peer(adapter);
	adapter->started = false;
	adapter->enabling = false;
	adapter->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_set_state(adapter, IBMVMC_STATE_INITIAL);
	ibmvmc_finish(adapter);

	if (adapter->registered) {
		adapter->ops->set_interrupts(adapter->transport, false);
		rc = adapter->ops->free_queue(adapter->transport, delay_ms);
		if (rc == -EBUSY)
			return rc;
		adapter->registered = false;
	}
	return rc ? -EIO : 0;
}
