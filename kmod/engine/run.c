// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Main loop of the engine: dispatches received entries, handles the deferred
 * reset, runs the one timer, starts and stops the channel.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "internal.h"
#include "limits.h"
#include "vmc/message.h"

static void ibmvmc_drop(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *crq, int error)
{
	ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq, error);
}

/**
 * ibmvmc_crq_process() - process a VMC message by its type (vmc-facts 2.1)
 * @adapter: started
 * @crq: header 0x80, a private copy
 *
 * A message for an HMC index is dropped unless the channel is ready, and one
 * that only we may send always.
 */
static void ibmvmc_crq_process(struct crq_server_adapter *adapter,
			       const struct ibmvmc_crq_msg *crq)
{
	u8 type = vmc_crq_type(crq);

	if (type == VMC_MSG_CAPABILITIES_RESP) {
		ibmvmc_process_capabilities(adapter, crq);
		return;
	}
	if (adapter->state != IBMVMC_STATE_READY) {
		ibmvmc_drop(adapter, crq, -ENOTCONN);
		return;
	}
	/* An Initialize that crossed ours would have come before this. */
	adapter->peer_initialized = true;

	switch (type) {
	case VMC_MSG_ADD_BUFFER:
		ibmvmc_add_buffer(adapter, crq);
		break;
	case VMC_MSG_REMOVE_BUFFER:
		ibmvmc_rem_buffer(adapter, crq);
		break;
	case VMC_MSG_SIGNAL:
		ibmvmc_recv_msg(adapter, crq);
		break;
	case VMC_MSG_OPEN_RESP:
		ibmvmc_process_open_resp(crq, adapter);
		break;
	case VMC_MSG_CLOSE_RESP:
		ibmvmc_process_close_resp(crq, adapter);
		break;
	default:
		ibmvmc_drop(adapter, crq, -EBADMSG);
		break;
	}
}

/**
 * ibmvmc_handle_crq() - handle one entry (vmc-facts 1.2)
 * @crq: the entry, a private copy
 * @adapter: started
 *
 * During a reset of our own, and with a header that is reserved, it is dropped.
 */
static void ibmvmc_handle_crq(const struct ibmvmc_crq_msg *crq,
			      struct crq_server_adapter *adapter)
{
	ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_RECEIVED, crq, 0);
	/* The queue is about to be registered anew: this is of the old one. */
	if (adapter->state == IBMVMC_STATE_SCHED_RESET) {
		ibmvmc_drop(adapter, crq, -ECONNRESET);
		return;
	}

	switch (vmc_crq_header(crq)) {
	case VMC_CRQ_INIT:
		ibmvmc_handle_crq_init(crq, adapter);
		break;
	case VMC_CRQ_TRANSPORT:
		ibmvmc_handle_crq_event(crq, adapter);
		break;
	case VMC_CRQ_MESSAGE:
		ibmvmc_crq_process(adapter, crq);
		break;
	default:
		ibmvmc_drop(adapter, crq, -EBADMSG);
		break;
	}
}

static void
ibmvmc_handle_deferred_reset(struct crq_server_adapter *adapter);

/**
 * ibmvmc_drain() - handle what is in the queue now
 * @adapter: started
 * @budget: handle at most this many entries
 *
 * Return: what is left of the budget.
 */
static unsigned int ibmvmc_drain(struct crq_server_adapter *adapter,
				 unsigned int budget)
{
	const struct ibmvmc_crq_msg *crq;

	adapter->draining = true;
	while (budget) {
		crq = crq_queue_next_crq(&adapter->queue);
		if (!crq)
			break;
		budget--;
		ibmvmc_handle_crq(crq, adapter);
		ibmvmc_handle_deferred_reset(adapter);
	}
	adapter->draining = false;
	return budget;
}

/**
 * ibmvmc_handle_deferred_reset() - make the reset that was noted, if there is one
 * @adapter: any; no caller up the stack may hold on to a slot, a buffer or a
 *	session
 *
 * If the partner is gone, what waits in the queue is handled first: the
 * transport event that says why may be there, and then makes the reset.
 */
static void
ibmvmc_handle_deferred_reset(struct crq_server_adapter *adapter)
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

static u64 ibmvmc_earliest(const struct crq_server_adapter *adapter)
{
	u64 at = min(min(adapter->deadline, adapter->pending.retry_at),
		     min(adapter->window_deadline,
			 ibmvmc_waiting_deadline(&adapter->waiting)));
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		at = min(at, adapter->connections[i].deadline);
	return at;
}

/**
 * ibmvmc_end_call() - end a call of the host
 * @adapter: any
 *
 * Makes a reset that was noted, and sets the timer. Every function of engine.h
 * that can change something ends with it.
 */
void ibmvmc_end_call(struct crq_server_adapter *adapter)
{
	u64 at;

	ibmvmc_handle_deferred_reset(adapter);
	at = ibmvmc_earliest(adapter);
	if (at == adapter->armed)
		return;
	adapter->armed = at;
	adapter->host_ops->set_timer(adapter->host, at);
}

/**
 * ibmvmc_catch_up() - handle what waits in the queue
 * @adapter: started; as for ibmvmc_handle_deferred_reset()
 *
 * After a call of the hypervisor that failed: the event that says why, that a
 * window was torn down, may wait in the queue. Then the number of resets grows.
 */
void ibmvmc_catch_up(struct crq_server_adapter *adapter)
{
	if (!adapter->draining)
		ibmvmc_drain(adapter, adapter->queue.size);
}

bool ibmvmc_service(struct crq_server_adapter *adapter, unsigned int budget)
{
	bool more = false;

	if (!adapter->started || !adapter->registered)
		return false;
	for (;;) {
		budget = ibmvmc_drain(adapter, budget);
		more = crq_queue_pending(&adapter->queue);
		if (more && !budget)
			break;
		if (more)
			continue;
		/* Of a queue about to be registered anew nothing is heard. */
		if (adapter->state == IBMVMC_STATE_SCHED_RESET)
			break;
		if (ibmvmc_enable_interrupts(adapter))
			break;
		/* What came before they were on has raised none. */
		if (!crq_queue_pending(&adapter->queue))
			break;
		adapter->ops->set_interrupts(adapter->transport, false);
	}
	ibmvmc_end_call(adapter);
	return more;
}

void ibmvmc_resume(struct crq_server_adapter *adapter)
{
	if (!adapter->started || !adapter->registered)
		return;
	if (adapter->state != IBMVMC_STATE_SCHED_RESET &&
	    !ibmvmc_enable_interrupts(adapter))
		ibmvmc_drain(adapter, adapter->queue.size);
	ibmvmc_end_call(adapter);
}

/* What arrived before the interrupts were on has raised none. */
static void ibmvmc_brought_up(struct crq_server_adapter *adapter)
{
	ibmvmc_drain(adapter, adapter->queue.size);
	ibmvmc_greet(adapter);
}

static void ibmvmc_init_step(struct crq_server_adapter *adapter)
{
	if (!adapter->enabling)
		ibmvmc_init_timeout(adapter);
	else if (ibmvmc_enable_step(adapter))
		ibmvmc_brought_up(adapter);
}

static void ibmvmc_channel_timeout(struct crq_server_adapter *adapter)
{
	adapter->deadline = IBMVMC_TIMER_OFF;
	switch (adapter->state) {
	case IBMVMC_STATE_SCHED_RESET:
	case IBMVMC_STATE_FAILED:
		if (ibmvmc_reset_task(adapter))
			ibmvmc_brought_up(adapter);
		break;
	case IBMVMC_STATE_CRQINIT:
		ibmvmc_init_step(adapter);
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

static void ibmvmc_hmc_timeout(struct ibmvmc_hmc *hmc)
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
	ibmvmc_handle_deferred_reset(adapter);
	if (now >= adapter->deadline)
		ibmvmc_channel_timeout(adapter);
	ibmvmc_handle_deferred_reset(adapter);
	for (i = 0; i < adapter->hmcs; i++) {
		if (now >= adapter->connections[i].deadline)
			ibmvmc_hmc_timeout(&adapter->connections[i]);
		ibmvmc_handle_deferred_reset(adapter);
	}
	ibmvmc_waiting_expire(adapter, now);
	ibmvmc_end_call(adapter);
}

int ibmvmc_start(struct crq_server_adapter *adapter)
{
	bool up;
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
		up = ibmvmc_reset_task(adapter);
	} else {
		up = ibmvmc_bring_up(adapter);
	}
	if (up)
		ibmvmc_brought_up(adapter);
	ibmvmc_end_call(adapter);
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
	ibmvmc_end_call(adapter);
}

/* Tell the partner of the end of every session, and forget everything. */
static void ibmvmc_stop_sessions(struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_hmc *hmc;
	unsigned int i;

	for (i = 0; i < adapter->config.max_hmcs; i++) {
		hmc = &adapter->connections[i];
		if (hmc->file_session)
			ibmvmc_close_hmc(hmc, -ENODEV);
	}
	for (i = 0; i < adapter->config.max_hmcs; i++)
		ibmvmc_return_hmc(&adapter->connections[i], false);
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
	ibmvmc_end_call(adapter);

	if (adapter->registered) {
		adapter->ops->set_interrupts(adapter->transport, false);
		rc = adapter->ops->free_queue(adapter->transport, delay_ms);
		if (rc == -EBUSY)
			return rc;
		adapter->registered = false;
	}
	return rc ? -EIO : 0;
}
