// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Main loop: dispatches received entries, performs the deferred reset, runs the
 * engine's single timer, starts and stops the channel. It does not implement
 * any request.
 *
 * Each drain is bounded: by the caller's budget in ibmvmc_service(), elsewhere by
 * the queue size, which does not count toward that budget.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"
#include "vmc/message.h"

/* Returns 0, or the reason why the request or response is dropped. */
static int ibmvmc_dispatch(struct crq_server_adapter *adapter,
			   const struct vmc_interface *message)
{
	switch (message->type) {
	case VMC_MSG_ADD_BUFFER:
		return ibmvmc_add_buffer(adapter, message);
	case VMC_MSG_REMOVE_BUFFER:
		return ibmvmc_rem_buffer(adapter, message);
	case VMC_MSG_SIGNAL:
		return ibmvmc_recv_msg(adapter, message);
	case VMC_MSG_OPEN_RESP:
		return ibmvmc_process_open_resp(adapter, message);
	case VMC_MSG_CLOSE_RESP:
		return ibmvmc_process_close_resp(adapter, message);
	default:
		return -EBADMSG;
	}
}

/**
 * ibmvmc_crq_process() - process a VMC entry by its type
 * @adapter: started adapter
 * @crq: private copy of an entry with header VMC_CRQ_MESSAGE
 *
 * Requests and responses of a connection are dropped unless the channel is
 * ready; those that only the partition may send are always dropped.
 *
 * Return: 0, or the reason why the entry is dropped.
 */
static int ibmvmc_crq_process(struct crq_server_adapter *adapter,
			      const struct ibmvmc_crq_msg *crq)
{
	struct vmc_interface message;
	int rc;

	if (vmc_crq_type(crq) == VMC_MSG_CAPABILITIES_RESP)
		return ibmvmc_process_capabilities(adapter, crq);
	if (adapter->state != IBMVMC_STATE_READY)
		return -ENOTCONN;
	/* A crossing Initialize would have arrived before this entry. */
	adapter->handshake.peer_initialized = true;

	rc = vmc_interface_decode(crq, &message);
	/*
	 * The undefined owner is refused: the partner waits for the response.
	 */
	if (rc == -EPROTO)
		ibmvmc_refuse_add_buffer(adapter, &message);
	return rc ?: ibmvmc_dispatch(adapter, &message);
}

/**
 * ibmvmc_handle_crq() - handle one entry
 * @adapter: started adapter
 * @crq: private copy of the entry
 *
 * Return: 0, or the reason why the entry is dropped, such as a reserved header
 * or a reset of our own.
 */
static int ibmvmc_handle_crq(struct crq_server_adapter *adapter,
			     const struct ibmvmc_crq_msg *crq)
{
	/* The queue will be registered again: this entry is from before. */
	if (adapter->state == IBMVMC_STATE_SCHED_RESET)
		return -ECONNRESET;

	switch (vmc_crq_header(crq)) {
	case VMC_CRQ_INIT:
		return ibmvmc_handle_crq_init(adapter, crq);
	case VMC_CRQ_TRANSPORT:
		ibmvmc_handle_crq_event(adapter, crq);
		return 0;
	case VMC_CRQ_MESSAGE:
		return ibmvmc_crq_process(adapter, crq);
	default:
		return -EBADMSG;
	}
}

/* Reports an entry, handles it, and reports the reason if it is dropped. */
static void ibmvmc_receive(struct crq_server_adapter *adapter,
			   const struct ibmvmc_crq_msg *crq)
{
	int rc;

	ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_RECEIVED, crq, 0);
	rc = ibmvmc_handle_crq(adapter, crq);
	if (rc)
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
	ibmvmc_answered(adapter);
}

static void ibmvmc_handle_deferred_reset(struct crq_server_adapter *adapter);

/**
 * ibmvmc_drain() - handle the entries that are in the queue
 * @adapter: started adapter
 * @budget: maximum number of entries to handle
 *
 * Return: the unused part of the budget.
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
		ibmvmc_receive(adapter, crq);
		ibmvmc_handle_deferred_reset(adapter);
	}
	adapter->draining = false;
	return budget;
}

/**
 * ibmvmc_handle_deferred_reset() - reset the channel if trouble was recorded
 * @adapter: adapter; callers must not hold pointers to connections, buffers or
 *	sessions across this call
 *
 * If the partner is gone, the queue is drained first: it may hold the transport
 * event that explains why, and that event then resets the channel.
 */
static void ibmvmc_handle_deferred_reset(struct crq_server_adapter *adapter)
{
	/* The event that explains why may still be in the queue. */
	if (adapter->trouble.kind == IBMVMC_TROUBLE_PARTNER_GONE &&
	    crq_queue_pending(&adapter->queue)) {
		if (adapter->draining)
			return;
		ibmvmc_drain(adapter, adapter->queue.size);
	}
	if (adapter->trouble.kind == IBMVMC_TROUBLE_NONE)
		return;
	ibmvmc_report_reset(adapter, adapter->trouble.error);
	ibmvmc_reset(adapter,
		     adapter->trouble.kind == IBMVMC_TROUBLE_PARTNER_GONE);
}

static u64 ibmvmc_earliest(const struct crq_server_adapter *adapter)
{
	u64 at = min(min(adapter->deadline, adapter->pending.retry_at),
		     min(adapter->window.deadline,
			 ibmvmc_waiting_deadline(&adapter->waiting)));
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++)
		at = min(at, adapter->connections[i].deadline);
	return at;
}

/**
 * ibmvmc_end_call() - finish a call of the host
 * @adapter: adapter
 *
 * Performs the deferred reset and sets the timer. Every function of engine.h
 * that can change the channel or a session ends with this call.
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
 * ibmvmc_catch_up() - drain the queue after a failed hypervisor call
 * @adapter: started adapter; as for ibmvmc_handle_deferred_reset()
 *
 * The queue may hold the event that caused the failure, such as a migration.
 *
 * Return: true if an entry reset the channel.
 */
bool ibmvmc_catch_up(struct crq_server_adapter *adapter)
{
	u32 resets = adapter->resets;

	if (!adapter->draining)
		ibmvmc_drain(adapter, adapter->queue.size);
	return adapter->resets != resets;
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
		/* Interrupts stay off until the queue is registered again. */
		if (adapter->state == IBMVMC_STATE_SCHED_RESET)
			break;
		if (ibmvmc_enable_interrupts(adapter))
			break;
		/* Earlier entries have raised no interrupt. */
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

/* Entries that arrived before interrupts were enabled have raised none. */
static void ibmvmc_brought_up(struct crq_server_adapter *adapter)
{
	ibmvmc_drain(adapter, adapter->queue.size);
	ibmvmc_greet(adapter);
}

static void ibmvmc_init_step(struct crq_server_adapter *adapter)
{
	if (!adapter->handshake.enabling)
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

	/* The timer fires once; ibmvmc_end_call() sets it again. */
	adapter->armed = IBMVMC_TIMER_OFF;
	if (!adapter->started)
		return;
	if (now >= adapter->pending.retry_at)
		ibmvmc_send_retry(adapter);
	if (now >= adapter->window.deadline)
		ibmvmc_window_timeout(adapter);
	ibmvmc_handle_deferred_reset(adapter);
	if (now >= adapter->deadline)
		ibmvmc_channel_timeout(adapter);
	ibmvmc_handle_deferred_reset(adapter);
	for (i = 0; i < adapter->negotiated.hmcs; i++) {
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
	adapter->recovery.self_resets = 0;
	adapter->recovery.starved = 0;
	if (rc) {
		/* A previous registration exists: free it as a reset does. */
		adapter->recovery.give_up =
			ibmvmc_now(adapter) + IBMVMC_FREE_TOTAL_MS;
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
	adapter->recovery.self_resets = 0;
	adapter->recovery.starved = 0;
	if (adapter->state == IBMVMC_STATE_SCHED_RESET)
		return;
	ibmvmc_report_reset(adapter, 0);
	ibmvmc_reset(adapter, false);
	ibmvmc_end_call(adapter);
}

/* Sends a Close for each open session, and invalidates all buffers. */
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
	/* Entries that could not be sent immediately are discarded. */
	ibmvmc_forget_peer(adapter);
	adapter->started = false;
	adapter->handshake.enabling = false;
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
