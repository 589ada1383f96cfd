// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel: registration of the queue, handshake, capabilities exchange and reset.
 * Whoever finds the channel broken only notes it (adapter.c); run.c resets it when
 * the present call has unwound. It takes no entry out of the queue.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "internal.h"
#include "limits.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_register_queue() - empty the queue and show it to the hypervisor
 * @adapter: not registered
 *
 * Return: 0; -EEXIST (registered before, by somebody: free it first);
 * -EIO, -ENOMEM.
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
 * ibmvmc_enable_interrupts() - let the hypervisor interrupt from now on
 * @adapter: registered
 *
 * What came before raises no interrupt: look at the queue afterwards. A channel
 * that cannot hear is broken.
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
 * @adapter: registered, its queue enabled; interrupts are off
 *
 * State CRQINIT before interrupts are on. The caller then handles what has
 * arrived in the queue, and calls ibmvmc_greet().
 *
 * Return: true unless the interrupts cannot be enabled.
 */
bool ibmvmc_bring_up(struct crq_server_adapter *adapter)
{
	adapter->enabling = false;
	adapter->closed = false;
	adapter->peer_initialized = false;
	adapter->tries = 0;
	adapter->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_set_state(adapter, IBMVMC_STATE_CRQINIT);
	return !ibmvmc_enable_interrupts(adapter);
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

/**
 * ibmvmc_greet() - send Initialize unless the partner came first
 * @adapter: ibmvmc_bring_up() succeeded, and the queue is empty
 */
void ibmvmc_greet(struct crq_server_adapter *adapter)
{
	if (adapter->state == IBMVMC_STATE_CRQINIT && !adapter->enabling)
		ibmvmc_send_initialize(adapter);
}

/**
 * ibmvmc_init_timeout() - no sign of life of the partner
 * @adapter: in state CRQINIT
 *
 * Sends Initialize again, each time after twice the time, up to
 * IBMVMC_INIT_MS_MAX. The first IBMVMC_INIT_TRIES without an answer are
 * reported.
 */
void ibmvmc_init_timeout(struct crq_server_adapter *adapter)
{
	/* The first one after a reset was waited for, not asked for. */
	if (adapter->tries && adapter->tries <= IBMVMC_INIT_TRIES)
		ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, -1, VMC_CRQ_INIT,
			      -ETIMEDOUT);
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
 * ibmvmc_send_capabilities() - begin the exchange (vmc-facts 3.1, step 4)
 * @adapter: the queues know of each other; state CAPABILITIES afterwards
 *
 * HMC interface messages are dropped until the response has come.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN, -EIO (the channel will be reset
 * when the present call ends).
 */
static int ibmvmc_send_capabilities(struct crq_server_adapter *adapter)
{
	ibmvmc_set_state(adapter, IBMVMC_STATE_CAPABILITIES);
	adapter->tries = 0;
	return ibmvmc_put_capabilities(adapter);
}

/*
 * What is wrong with the partner's capabilities: -EAGAIN if another try may
 * help, -EPROTONOSUPPORT if none will, or 0.
 */
static int ibmvmc_check_capabilities(const struct vmc_capabilities *peer)
{
	if (peer->status == VMC_STATUS_INVALID_VERSION)
		return -EPROTONOSUPPORT;
	/* After any other failure the rest of the fields tells nothing. */
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
 * ibmvmc_process_capabilities() - end the exchange (vmc-facts 3.1, step 5)
 * @adapter: any; the message is dropped unless one was asked for
 * @crqp: Capabilities Response, a private copy
 *
 * Channel state READY with the least of both sides, or FAILED if the partner
 * refuses our version, speaks another major one or offers less than is of use.
 * Any other failure changes nothing: the time-out asks again.
 */
void ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *crqp)
{
	struct vmc_capabilities peer;
	int rc;

	rc = vmc_capabilities_decode(crqp, &peer);
	if (!rc && adapter->state != IBMVMC_STATE_CAPABILITIES)
		rc = -EPROTO;
	if (!rc)
		rc = ibmvmc_check_capabilities(&peer);
	if (rc)
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crqp,
				    rc);
	/* Was it a failure that may pass, the time-out asks again. */
	if (rc && rc != -EPROTONOSUPPORT)
		return;

	adapter->deadline = IBMVMC_TIMER_OFF;
	/* It has come through our queue, and because of an entry of ours. */
	adapter->enabling = false;
	adapter->peer_version = peer.version;
	if (rc) {
		ibmvmc_set_state(adapter, IBMVMC_STATE_FAILED);
		return;
	}
	adapter->hmcs = min(peer.hmcs, adapter->config.max_hmcs);
	adapter->pool = min(peer.pool, adapter->config.buf_pool_size);
	adapter->mtu = min(peer.mtu, adapter->config.max_mtu);
	adapter->peer_crq_entries = peer.crq_entries;
	if (!adapter->starved)
		adapter->self_resets = 0;
	ibmvmc_set_state(adapter, IBMVMC_STATE_READY);
	ibmvmc_await_buffers(adapter);
	ibmvmc_waiting_serve_all(adapter);
}

/**
 * ibmvmc_capabilities_timeout() - no response, or no good one, in time
 * @adapter: in state CAPABILITIES
 *
 * Sends again, each time after twice the time, at most
 * IBMVMC_CAPABILITIES_TRIES times in all; then the channel will be reset.
 */
void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter)
{
	ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, -1, VMC_MSG_CAPABILITIES,
		      -ETIMEDOUT);
	if (adapter->tries >= IBMVMC_CAPABILITIES_TRIES) {
		ibmvmc_channel_broken(adapter, -ETIMEDOUT);
		return;
	}
	ibmvmc_put_capabilities(adapter);
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

/**
 * ibmvmc_forget_peer() - forget what was agreed upon with the partner, and what
 * was to be sent to it
 * @adapter: without a session
 */
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

/**
 * ibmvmc_enable_queue() - a migration has disabled the queue: enable it again
 * @adapter: in state CRQINIT
 *
 * The timer does it.
 */
static void ibmvmc_enable_queue(struct crq_server_adapter *adapter)
{
	u64 now = ibmvmc_now(adapter);

	adapter->enabling = true;
	adapter->deadline = now;
	adapter->give_up = now + IBMVMC_ENABLE_TOTAL_MS;
}

/**
 * ibmvmc_reset() - close all HMC sessions, and perhaps schedule a CRQ reset
 * (vmc-facts 3.7)
 * @adapter: started
 * @xport_event: true: the partner is gone; our queue stays registered, and its
 *	Initialize is waited for; a queue that is still to be enabled is enabled
 *	first. False: the timer will free the queue and register it again, at
 *	most IBMVMC_SELF_RESETS times without the channel becoming usable; then
 *	the channel has failed
 *
 * A failed channel with a working queue and interrupts waits for the partner's
 * Initialize or a transport event. If these do not work, or the partner gave no
 * buffer, the timer registers the queue again every IBMVMC_REVIVE_MS. In each
 * case ibmvmc_restart() starts the channel again, too.
 *
 * Every session dies with -ECONNRESET, every buffer of every index is
 * forgotten. No hypervisor is called here.
 */
void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event)
{
	u64 now = ibmvmc_now(adapter);
	bool deaf = adapter->enabling || !adapter->registered ||
		    !adapter->interrupts_on;
	unsigned int i;

	adapter->resets++;
	/* Slots that were never opened have buffers, too. */
	for (i = 0; i < adapter->config.max_hmcs; i++)
		ibmvmc_return_hmc(&adapter->connections[i], true);
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

static void ibmvmc_retry_after(struct crq_server_adapter *adapter, u32 delay_ms)
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

/**
 * ibmvmc_reset_task() - go on with a reset of our own
 * @adapter: in state SCHED_RESET, or FAILED without a queue that works, and its
 *	time has come
 *
 * Frees the queue, registers it and begins bring-up, or sets the time to come
 * again. After IBMVMC_FREE_TOTAL_MS or IBMVMC_REGISTER_TRIES in vain the
 * channel has failed, and the time to come again is IBMVMC_REVIVE_MS.
 */
bool ibmvmc_reset_task(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = ibmvmc_reset_crq_queue(adapter, &delay_ms);
	if (!rc)
		return ibmvmc_bring_up(adapter);
	if (rc == -EBUSY && ibmvmc_now(adapter) >= adapter->give_up)
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
 * ibmvmc_enable_step() - go on with that
 * @adapter: in state CRQINIT and enabling, and its time has come
 *
 * Begins bring-up, or sets the time to come again. If the queue cannot be
 * enabled within IBMVMC_ENABLE_TOTAL_MS, only a new registration can help.
 */
bool ibmvmc_enable_step(struct crq_server_adapter *adapter)
{
	u32 delay_ms = 0;
	int rc;

	rc = adapter->ops->enable_queue(adapter->transport, &delay_ms);
	if (!rc)
		return ibmvmc_bring_up(adapter);
	if (rc == -EBUSY && ibmvmc_now(adapter) < adapter->give_up)
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

	if (ibmvmc_is_up(adapter) && !adapter->peer_initialized)
		/*
		 * Both began at the same time, and the partner's answer has
		 * passed its own Initialize, as no message for an HMC index can.
		 */
		begin = false;
	else if (ibmvmc_is_up(adapter))
		ibmvmc_reset(adapter, true);
	else if (adapter->state == IBMVMC_STATE_FAILED)
		adapter->self_resets = 0;

	adapter->peer_initialized = true;
	ibmvmc_send_init_complete(adapter);
	if (begin)
		ibmvmc_send_capabilities(adapter);
}

/**
 * ibmvmc_handle_crq_init() - handle Initialize or its response (vmc-facts 1.3,
 * 3.1)
 * @crq: header 0xC0, a private copy
 * @adapter: started
 *
 * The first Initialize is answered in any state; it, or Initialization
 * Complete, whichever comes first, begins the capabilities exchange. A second
 * Initialize, or one after an HMC interface message, tells that the partner
 * began anew: every session dies with -ECONNRESET, and the exchange is
 * repeated. It also revives a channel that has failed.
 */
void ibmvmc_handle_crq_init(const struct ibmvmc_crq_msg *crq,
			    struct crq_server_adapter *adapter)
{
	switch (vmc_crq_type(crq)) {
	case VMC_INIT_INITIALIZE:
		ibmvmc_peer_initialize(adapter);
		break;
	case VMC_INIT_COMPLETE:
		/* Otherwise the partner's own Initialize came first. */
		if (adapter->state == IBMVMC_STATE_CRQINIT)
			ibmvmc_send_capabilities(adapter);
		break;
	default:
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    -EBADMSG);
		break;
	}
}

/**
 * ibmvmc_handle_crq_event() - handle a transport event (vmc-facts 1.4)
 * @crq: header 0xFF, a private copy
 * @adapter: started
 *
 * Sessions and buffers are gone; our registration stays, also after a failure
 * of the partner. After a migration the queue has to be enabled first.
 */
void ibmvmc_handle_crq_event(const struct ibmvmc_crq_msg *crq,
			     struct crq_server_adapter *adapter)
{
	u8 kind = vmc_crq_type(crq);

	ibmvmc_report(adapter, IBMVMC_EVENT_TRANSPORT, -1, kind, 0);
	ibmvmc_reset(adapter, true);
	if (kind == VMC_EVENT_MIGRATED)
		ibmvmc_enable_queue(adapter);
}
