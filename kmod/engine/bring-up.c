// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bring-up: registers the queue, performs the handshake and the capabilities
 * exchange, and resets the channel, which begins the same again. It takes no entry
 * out of the queue.
 *
 * Functions that find the channel broken only record trouble (adapter.c); run.c
 * resets the channel when the present call has unwound.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_register_queue() - empty the queue and register it
 * @adapter: adapter that is not registered
 *
 * Return: 0; -EEXIST (a registration exists: free it first); -EIO, -ENOMEM.
 */
int ibmvmc_register_queue(struct crq_server_adapter *adapter)
{
	int rc;

	crq_queue_clear(&adapter->queue);
	rc = adapter->ops->register_queue(adapter->transport);
	if (!rc || rc == -EEXIST)
		adapter->registered = true;
	return rc;
}

/**
 * ibmvmc_enable_interrupts() - enable interrupts
 * @adapter: registered adapter
 *
 * Entries that arrived before raise no interrupt: the caller checks the queue
 * afterwards. A channel without interrupts is broken.
 *
 * Return: 0 or -EIO.
 */
int ibmvmc_enable_interrupts(struct crq_server_adapter *adapter)
{
	int rc = adapter->ops->set_interrupts(adapter->transport, true);

	adapter->interrupts_on = !rc;
	if (rc)
		ibmvmc_channel_broken(adapter, rc);
	return rc;
}

/**
 * ibmvmc_bring_up() - begin the handshake on a registered queue
 * @adapter: registered adapter, its queue enabled, interrupts off
 *
 * Enters state CRQINIT before interrupts are on. The caller then drains the
 * queue and calls ibmvmc_greet().
 *
 * Return: false if the interrupts cannot be enabled.
 */
bool ibmvmc_bring_up(struct crq_server_adapter *adapter)
{
	adapter->handshake.enabling = false;
	adapter->handshake.closed = false;
	adapter->handshake.peer_initialized = false;
	adapter->tries = 0;
	adapter->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_set_state(adapter, IBMVMC_STATE_CRQINIT);
	return !ibmvmc_enable_interrupts(adapter);
}

static void ibmvmc_send_initialize(struct crq_server_adapter *adapter)
{
	struct ibmvmc_crq_msg msg;
	u32 wait_ms, delay_ms;

	/*
	 * H_CLOSED is also returned if an event that was lost disabled our
	 * queue.
	 */
	if (adapter->handshake.closed)
		adapter->ops->enable_queue(adapter->transport, &delay_ms);
	wait_ms = min_t(u32, IBMVMC_INIT_MS << adapter->tries,
			IBMVMC_INIT_MS_MAX);
	if (adapter->tries <= IBMVMC_INIT_TRIES)
		adapter->tries++;
	adapter->deadline = ibmvmc_now(adapter) + wait_ms;
	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	/* This fails without a partner, which will send its own Initialize. */
	adapter->handshake.closed = ibmvmc_send_now(adapter, &msg) == -ENOTCONN;
}

/**
 * ibmvmc_greet() - send Initialize unless the partner's arrived first
 * @adapter: adapter after ibmvmc_bring_up(), its queue empty
 */
void ibmvmc_greet(struct crq_server_adapter *adapter)
{
	if (adapter->state == IBMVMC_STATE_CRQINIT &&
	    !adapter->handshake.enabling)
		ibmvmc_send_initialize(adapter);
}

/**
 * ibmvmc_init_timeout() - handle a missing response to Initialize
 * @adapter: adapter in state CRQINIT
 *
 * Sends Initialize again; the timeout doubles up to IBMVMC_INIT_MS_MAX. The
 * first IBMVMC_INIT_TRIES timeouts are reported.
 */
void ibmvmc_init_timeout(struct crq_server_adapter *adapter)
{
	/*
	 * tries == 0: after a reset we only wait for the partner's Initialize,
	 * so nothing of ours has timed out.
	 */
	if (adapter->tries && adapter->tries <= IBMVMC_INIT_TRIES)
		ibmvmc_report_timeout(adapter, -1, VMC_CRQ_INIT);
	ibmvmc_send_initialize(adapter);
}

static int ibmvmc_put_capabilities(struct crq_server_adapter *adapter)
{
	struct vmc_capabilities caps = {
		.hmcs = adapter->config.max_hmcs,
		.pool = adapter->config.buf_pool_size,
		.mtu = adapter->config.max_mtu,
		.crq_entries = adapter->queue.size,
		.version = VMC_VERSION,
	};
	struct ibmvmc_crq_msg msg;
	u32 wait_ms;

	wait_ms = min_t(u32, IBMVMC_CAPABILITIES_MS << adapter->tries,
			IBMVMC_CAPABILITIES_MS_MAX);
	adapter->tries++;
	adapter->deadline = ibmvmc_now(adapter) + wait_ms;
	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES, &caps);
	return ibmvmc_send_vital(adapter, &msg);
}

/**
 * ibmvmc_send_capabilities() - begin the capabilities exchange
 * @adapter: adapter after the handshake; in state CAPABILITIES afterwards
 *
 * Entries for a connection are dropped until the response has arrived.
 *
 * Return: 0 if sent or queued; -ENOTCONN, -EIO (the channel is reset when the
 * present call ends).
 */
static int ibmvmc_send_capabilities(struct crq_server_adapter *adapter)
{
	ibmvmc_set_state(adapter, IBMVMC_STATE_CAPABILITIES);
	adapter->tries = 0;
	return ibmvmc_put_capabilities(adapter);
}

/*
 * Returns 0 if the partner's capabilities are usable, -EAGAIN if another
 * attempt may succeed, -EPROTONOSUPPORT otherwise.
 */
static int ibmvmc_check_capabilities(const struct vmc_capabilities *peer)
{
	if (peer->status == VMC_STATUS_INVALID_VERSION)
		return -EPROTONOSUPPORT;
	/* No other field is defined after a failure. */
	if (peer->status != VMC_STATUS_SUCCESS)
		return -EAGAIN;
	if (VMC_VERSION_MAJOR(peer->version) != VMC_VERSION_MAJOR(VMC_VERSION))
		return -EPROTONOSUPPORT;
	if (peer->hmcs < VMC_HMCS_MIN || peer->pool < VMC_PEER_POOL_MIN ||
	    peer->mtu < VMC_PEER_MTU_MIN ||
	    peer->crq_entries < VMC_CRQ_ENTRIES_MIN)
		return -EPROTONOSUPPORT;
	return 0;
}

/**
 * ibmvmc_process_capabilities() - process a Capabilities Response
 * @adapter: started adapter
 * @crq: private copy of the response
 *
 * Sets state READY with the smaller limits of both sides (docs/protocol.md,
 * Initialisation). After any failure but -EPROTONOSUPPORT the channel's timeout
 * sends Capabilities again.
 *
 * Return: 0; -EPROTO (no request is pending), -EAGAIN (general failure);
 * -EPROTONOSUPPORT if the partner refuses our version, has another major
 * version or offers too little: the state is FAILED then.
 */
int ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				const struct ibmvmc_crq_msg *crq)
{
	struct vmc_capabilities peer;
	int rc;

	rc = vmc_capabilities_decode(crq, &peer);
	if (!rc && adapter->state != IBMVMC_STATE_CAPABILITIES)
		rc = -EPROTO;
	if (!rc)
		rc = ibmvmc_check_capabilities(&peer);
	/* Transient failure: the timeout resends Capabilities. */
	if (rc && rc != -EPROTONOSUPPORT)
		return rc;

	adapter->deadline = IBMVMC_TIMER_OFF;
	/* The response proves that our queue works in both directions. */
	adapter->handshake.enabling = false;
	adapter->negotiated.version = peer.version;
	if (rc) {
		ibmvmc_set_state(adapter, IBMVMC_STATE_FAILED);
		return rc;
	}
	adapter->negotiated.hmcs = min(peer.hmcs, adapter->config.max_hmcs);
	adapter->negotiated.pool =
		min(peer.pool, adapter->config.buf_pool_size);
	adapter->negotiated.mtu = min(peer.mtu, adapter->config.max_mtu);
	adapter->negotiated.crq_entries = peer.crq_entries;
	if (!adapter->recovery.starved)
		adapter->recovery.self_resets = 0;
	ibmvmc_set_state(adapter, IBMVMC_STATE_READY);
	ibmvmc_await_buffers(adapter);
	ibmvmc_waiting_serve_all(adapter);
	return 0;
}

/**
 * ibmvmc_capabilities_timeout() - handle a missing Capabilities Response
 * @adapter: adapter in state CAPABILITIES
 *
 * Sends Capabilities again; the timeout doubles up to
 * IBMVMC_CAPABILITIES_MS_MAX. After IBMVMC_CAPABILITIES_TRIES attempts the
 * channel is reset.
 */
void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter)
{
	ibmvmc_report_timeout(adapter, -1, VMC_MSG_CAPABILITIES);
	if (adapter->tries >= IBMVMC_CAPABILITIES_TRIES) {
		ibmvmc_channel_broken(adapter, -ETIMEDOUT);
		return;
	}
	ibmvmc_put_capabilities(adapter);
}

/*
 * If the queue does not work (@deaf), the partner cannot revive the channel; a
 * partner that added no buffer does not know that it should. In both cases the
 * timer does.
 */
static void ibmvmc_channel_failed(struct crq_server_adapter *adapter, bool deaf)
{
	adapter->deadline = IBMVMC_TIMER_OFF;
	if (deaf || adapter->recovery.starved)
		adapter->deadline = ibmvmc_now(adapter) + IBMVMC_REVIVE_MS;
	ibmvmc_set_state(adapter, IBMVMC_STATE_FAILED);
}

/**
 * ibmvmc_forget_peer() - discard the negotiated values and all pending entries
 * @adapter: adapter without sessions
 */
void ibmvmc_forget_peer(struct crq_server_adapter *adapter)
{
	ibmvmc_send_reset(adapter);
	ibmvmc_window_reset(adapter);
	adapter->negotiated = (struct ibmvmc_negotiated){ 0 };
	adapter->trouble.kind = IBMVMC_TROUBLE_NONE;
}

/**
 * ibmvmc_enable_queue() - have the timer enable the queue after a migration
 * @adapter: adapter in state CRQINIT
 */
static void ibmvmc_enable_queue(struct crq_server_adapter *adapter)
{
	u64 now = ibmvmc_now(adapter);

	adapter->handshake.enabling = true;
	adapter->deadline = now;
	adapter->recovery.give_up = now + IBMVMC_ENABLE_TOTAL_MS;
}

/**
 * ibmvmc_reset() - end all sessions, and optionally schedule a CRQ reset
 * @adapter: started adapter
 * @xport_event: true: the partner is gone; our queue stays registered, is
 *	enabled first if necessary, and the partner's Initialize is awaited.
 *	False: the timer frees the queue and registers it again
 *
 * Every session ends with -ECONNRESET and every buffer is invalidated. The
 * hypervisor is not called.
 *
 * After IBMVMC_SELF_RESETS resets of our own without a usable channel the
 * channel has failed. If its queue and interrupts work, it then waits for the
 * partner's Initialize or a transport event. Otherwise, or if the partner added
 * no buffer, the timer registers the queue again every IBMVMC_REVIVE_MS.
 * ibmvmc_restart() starts it again in all cases (docs/protocol.md, Close and
 * reset).
 */
void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event)
{
	u64 now = ibmvmc_now(adapter);
	bool deaf = adapter->handshake.enabling || !adapter->registered ||
		    !adapter->interrupts_on;
	unsigned int i;

	adapter->resets++;
	/* Connections that were never opened have buffers, too. */
	for (i = 0; i < adapter->config.max_hmcs; i++)
		ibmvmc_return_hmc(&adapter->connections[i], true);
	ibmvmc_forget_peer(adapter);
	adapter->recovery.close_failures = 0;
	adapter->handshake.peer_initialized = false;
	adapter->tries = 0;

	if (xport_event) {
		if (adapter->state == IBMVMC_STATE_FAILED)
			adapter->recovery.self_resets = 0;
		adapter->deadline = now + IBMVMC_INIT_MS;
		ibmvmc_set_state(adapter, IBMVMC_STATE_CRQINIT);
		if (adapter->handshake.enabling)
			ibmvmc_enable_queue(adapter);
		return;
	}

	if (adapter->recovery.self_resets >= IBMVMC_SELF_RESETS) {
		ibmvmc_channel_failed(adapter, deaf);
		return;
	}
	adapter->recovery.self_resets++;
	adapter->deadline = max(now, adapter->recovery.next_reset);
	adapter->recovery.next_reset =
		adapter->deadline + IBMVMC_RESET_SPACING_MS;
	adapter->recovery.give_up = adapter->deadline + IBMVMC_FREE_TOTAL_MS;
	ibmvmc_set_state(adapter, IBMVMC_STATE_SCHED_RESET);
}

static void ibmvmc_retry_after(struct crq_server_adapter *adapter, u32 delay_ms)
{
	adapter->deadline = ibmvmc_now(adapter) + clamp_t(u32, delay_ms,
							  IBMVMC_DELAY_MIN_MS,
							  IBMVMC_DELAY_MAX_MS);
}

/* Frees the queue and registers it; returns -EBUSY if it is not free yet. */
static int ibmvmc_reset_crq_queue(struct crq_server_adapter *adapter,
				  u32 *delay_ms)
{
	int rc;

	if (adapter->registered) {
		adapter->ops->set_interrupts(adapter->transport, false);
		rc = adapter->ops->free_queue(adapter->transport, delay_ms);
		if (rc == -EBUSY)
			return rc;
		/* A queue that could not be freed may still be registered. */
		if (!rc)
			adapter->registered = false;
	}
	return ibmvmc_register_queue(adapter);
}

/**
 * ibmvmc_reset_task() - continue a reset of our own
 * @adapter: adapter in state SCHED_RESET, or FAILED without a working queue,
 *	whose deadline has expired
 *
 * Frees the queue, registers it and begins bring-up, or sets the next deadline.
 * The channel fails after IBMVMC_FREE_TOTAL_MS or IBMVMC_REGISTER_TRIES
 * attempts; the next deadline is IBMVMC_REVIVE_MS later then.
 *
 * Return: true if the channel was brought up: the caller drains the queue and
 * calls ibmvmc_greet().
 */
bool ibmvmc_reset_task(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = ibmvmc_reset_crq_queue(adapter, &delay_ms);
	if (!rc)
		return ibmvmc_bring_up(adapter);
	if (rc == -EBUSY && ibmvmc_now(adapter) >= adapter->recovery.give_up)
		ibmvmc_channel_failed(adapter, true);
	else if (rc == -EBUSY)
		ibmvmc_retry_after(adapter, delay_ms);
	else if (++adapter->tries >= IBMVMC_REGISTER_TRIES)
		ibmvmc_channel_failed(adapter, true);
	else
		ibmvmc_retry_after(adapter, IBMVMC_REGISTER_MS);
	return false;
}

/**
 * ibmvmc_enable_step() - try to enable the queue after a migration
 * @adapter: adapter in state CRQINIT with a disabled queue, whose deadline has
 *	expired
 *
 * Begins bring-up, or sets the next deadline. If the queue cannot be enabled
 * within IBMVMC_ENABLE_TOTAL_MS, the channel is reset.
 *
 * Return: as ibmvmc_reset_task().
 */
bool ibmvmc_enable_step(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = adapter->ops->enable_queue(adapter->transport, &delay_ms);
	if (!rc)
		return ibmvmc_bring_up(adapter);
	if (rc == -EBUSY && ibmvmc_now(adapter) < adapter->recovery.give_up)
		ibmvmc_retry_after(adapter, delay_ms);
	else
		ibmvmc_channel_broken(adapter, rc);
	return false;
}

static void ibmvmc_send_init_complete(struct crq_server_adapter *adapter)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	ibmvmc_send_vital(adapter, &msg);
}

static bool ibmvmc_is_up(const struct crq_server_adapter *adapter)
{
	return adapter->state == IBMVMC_STATE_CAPABILITIES ||
	       adapter->state == IBMVMC_STATE_READY;
}

static void ibmvmc_peer_initialize(struct crq_server_adapter *adapter)
{
	bool begin = true;

	if (ibmvmc_is_up(adapter) && !adapter->handshake.peer_initialized)
		/*
		 * Both sides sent Initialize, and the partner's Initialization
		 * Complete arrived before its Initialize. Entries for a
		 * connection cannot do so.
		 */
		begin = false;
	else if (ibmvmc_is_up(adapter))
		ibmvmc_reset(adapter, true);
	else if (adapter->state == IBMVMC_STATE_FAILED)
		adapter->recovery.self_resets = 0;

	adapter->handshake.peer_initialized = true;
	ibmvmc_send_init_complete(adapter);
	if (begin)
		ibmvmc_send_capabilities(adapter);
}

/**
 * ibmvmc_handle_crq_init() - handle Initialize and Initialization Complete
 * @adapter: started adapter
 * @crq: private copy of an entry with header VMC_CRQ_INIT
 *
 * Initialize is answered in any state. The first of the two entries begins the
 * capabilities exchange. A second Initialize, or one after an entry for a
 * connection, means that the partner has restarted: every session ends with
 * -ECONNRESET and the exchange is repeated. An Initialize also revives a failed
 * channel (docs/protocol.md, Initialisation).
 *
 * Return: 0, or -EBADMSG for an undefined type.
 */
int ibmvmc_handle_crq_init(struct crq_server_adapter *adapter,
			   const struct ibmvmc_crq_msg *crq)
{
	switch (vmc_crq_type(crq)) {
	case VMC_INIT_INITIALIZE:
		ibmvmc_peer_initialize(adapter);
		return 0;
	case VMC_INIT_COMPLETE:
		/* In later states the partner's Initialize arrived first. */
		if (adapter->state == IBMVMC_STATE_CRQINIT)
			ibmvmc_send_capabilities(adapter);
		return 0;
	default:
		return -EBADMSG;
	}
}

/**
 * ibmvmc_handle_crq_event() - handle a transport event
 * @adapter: started adapter
 * @crq: private copy of an entry with header VMC_CRQ_TRANSPORT
 *
 * Ends all sessions and invalidates all buffers. The queue stays registered,
 * also if the partner failed; after a migration it must be enabled
 * (docs/protocol.md, Close and reset).
 */
void ibmvmc_handle_crq_event(struct crq_server_adapter *adapter,
			     const struct ibmvmc_crq_msg *crq)
{
	u8 kind = vmc_crq_type(crq);

	ibmvmc_report_transport(adapter, kind);
	ibmvmc_reset(adapter, true);
	if (kind == VMC_EVENT_MIGRATED)
		ibmvmc_enable_queue(adapter);
}
