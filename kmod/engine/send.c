// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending: the only way out for a CRQ entry, and flow control. A control entry
 * that finds the partner's queue full is kept in a bounded list and sent later, in
 * order; a Signal is not. It does not decide what is sent.
 *
 * Flow control: at most half of the partner's queue may hold our requests; the
 * other half is for our responses. Entries are not acknowledged, but the partner
 * takes them in order. So each request has a number, which its buffer or
 * connection keeps; when that buffer or the response returns, the partner has
 * taken everything up to this number. One place is reserved for Open and Close.
 *
 * An Open or a Close that is repeated takes a place but no number. The place is
 * returned with the response, whichever of the two it answers.
 *
 * A message need not be answered. A window that stays closed for
 * IBMVMC_WINDOW_MS without a response forgets its oldest entry, which makes room
 * for one more; the next response corrects the count. A partner that takes
 * nothing thus sees half of its queue filled at once, then one entry in each
 * IBMVMC_WINDOW_MS until the transport reports that the queue is full.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "limits.h"
#include "vmc/message.h"

static u64 ibmvmc_window_limit(const struct crq_server_adapter *adapter)
{
	return adapter->peer_crq_entries / 2;
}

static u64 ibmvmc_window_used(const struct crq_server_adapter *adapter)
{
	return adapter->sent - adapter->consumed + adapter->repeated;
}

/**
 * ibmvmc_window_reset() - forget everything: the partner's queue is empty
 * @adapter: without a session; each slot was forgotten
 */
void ibmvmc_window_reset(struct crq_server_adapter *adapter)
{
	adapter->sent = 0;
	adapter->consumed = 0;
	adapter->window_deadline = IBMVMC_TIMER_OFF;
}

/**
 * ibmvmc_window_signal() - may a Signal be sent now
 * @adapter: the channel is ready
 */
bool ibmvmc_window_signal(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) + 1 < ibmvmc_window_limit(adapter);
}

/**
 * ibmvmc_window_request() - may an Open or a Close be sent now
 * @adapter: the channel is ready
 */
static bool ibmvmc_window_request(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) < ibmvmc_window_limit(adapter);
}

/* While it is closed, the time runs since something was taken last. */
static void ibmvmc_window_watch(struct crq_server_adapter *adapter, bool taken)
{
	if (ibmvmc_window_signal(adapter))
		adapter->window_deadline = IBMVMC_TIMER_OFF;
	else if (taken || adapter->window_deadline == IBMVMC_TIMER_OFF)
		adapter->window_deadline =
			ibmvmc_now(adapter) + IBMVMC_WINDOW_MS;
}

/**
 * ibmvmc_window_sent() - a request was sent
 * @adapter: the channel is ready
 *
 * Return: the request's number, never 0.
 */
static u64 ibmvmc_window_sent(struct crq_server_adapter *adapter)
{
	adapter->sent++;
	ibmvmc_window_watch(adapter, false);
	return adapter->sent;
}

/**
 * ibmvmc_window_repeated() - the pending Open or Close was sent again
 * @hmc: opening or closing
 */
static void ibmvmc_window_repeated(struct ibmvmc_hmc *hmc)
{
	hmc->repeated++;
	hmc->repeated_after = hmc->adapter->sent;
	hmc->adapter->repeated++;
	ibmvmc_window_watch(hmc->adapter, false);
}

/**
 * ibmvmc_window_forget() - no answer to what was sent again is expected
 * @hmc: any
 *
 * Its places are free; nobody is told of it.
 */
void ibmvmc_window_forget(struct ibmvmc_hmc *hmc)
{
	hmc->adapter->repeated -= hmc->repeated;
	hmc->repeated = 0;
}

/* Requests that the window counts; a Signal never comes to the list. */
static bool ibmvmc_is_request(const struct ibmvmc_crq_msg *msg)
{
	u8 type = vmc_crq_type(msg);

	return vmc_crq_header(msg) == VMC_CRQ_MESSAGE &&
	       (type == VMC_MSG_OPEN || type == VMC_MSG_CLOSE);
}

static bool ibmvmc_is_response(const struct ibmvmc_crq_msg *msg)
{
	return vmc_crq_header(msg) == VMC_CRQ_MESSAGE &&
	       (vmc_crq_type(msg) & VMC_MSG_RESPONSE);
}

/**
 * ibmvmc_send_now() - send an entry, or fail
 * @adapter: started
 * @msg: the entry
 *
 * The caller handles every failure. For Initialize, whose failure is normal,
 * and as the step below the other two.
 *
 * Return: 0, -EAGAIN (the partner's queue is full), -ENOTCONN (no partner),
 * -EIO.
 */
int ibmvmc_send_now(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *msg)
{
	int rc = adapter->ops->send(adapter->transport, vmc_crq_word1(msg),
				    vmc_crq_word2(msg));

	if (rc && rc != -EAGAIN && rc != -ENOTCONN)
		rc = -EIO;
	if (!rc)
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_SENT, msg, 0);
	return rc;
}

/* As ibmvmc_send_now(), and draws the consequences that are always the same. */
static int ibmvmc_transmit(struct crq_server_adapter *adapter,
			   const struct ibmvmc_crq_msg *msg)
{
	int rc;

	/* The channel is about to be reset: nothing more on this one. */
	if (adapter->trouble != IBMVMC_TROUBLE_NONE)
		return -ENOTCONN;
	rc = ibmvmc_send_now(adapter, msg);
	if (rc == -EAGAIN) {
		adapter->pending.congested = true;
		adapter->pending.retry_at =
			ibmvmc_now(adapter) + IBMVMC_RETRY_MS;
	} else if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_SEND_FAILED, msg, rc);
		if (rc == -ENOTCONN)
			ibmvmc_partner_gone(adapter);
	}
	return rc;
}

/**
 * ibmvmc_close_tried() - a Close was sent, or failed to be: its time runs
 * @hmc: closing
 *
 * Before that, while it waits to be sent, there is no time-out.
 */
static void ibmvmc_close_tried(struct ibmvmc_hmc *hmc)
{
	hmc->tries++;
	hmc->deadline = ibmvmc_now(hmc->adapter) + IBMVMC_CLOSE_MS;
}

/* The slot whose pending Open or Close this is, or NULL. */
static struct ibmvmc_hmc *
ibmvmc_requester(struct crq_server_adapter *adapter,
		 const struct ibmvmc_crq_msg *msg)
{
	struct vmc_interface request;
	enum ibmvmc_hmc_state state;
	struct ibmvmc_hmc *hmc;

	if (vmc_interface_decode(msg, &request))
		return NULL;
	hmc = ibmvmc_hmc_at(adapter, request.index);
	state = request.type == VMC_MSG_OPEN ? IBMVMC_HMC_OPENING :
					       IBMVMC_HMC_CLOSING;
	if (!hmc || hmc->state != state || hmc->session != request.session)
		return NULL;
	return hmc;
}

/* An Open or a Close was sent, or failed to be. */
static void ibmvmc_request_tried(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *msg, bool sent)
{
	struct ibmvmc_hmc *hmc = ibmvmc_requester(adapter, msg);

	/*
	 * Of a request that is sent again the first number counts: a response
	 * does not tell which of the two it answers.
	 */
	if (sent && hmc && hmc->number) {
		ibmvmc_window_repeated(hmc);
	} else if (sent) {
		u64 number = ibmvmc_window_sent(adapter);

		if (hmc)
			hmc->number = number;
	}
	if (hmc && hmc->state == IBMVMC_HMC_CLOSING)
		ibmvmc_close_tried(hmc);
}

/**
 * ibmvmc_send_signal() - send a Signal, or fail
 * @adapter: the channel is ready
 * @msg: the entry
 * @number: set on success: the number of the request (window.h)
 *
 * Return: 0; -EBUSY if the partner's queue is full or the window is closed
 * (writers will be woken); -ENOTCONN (the channel will be reset when the
 * present call ends); -EIO.
 */
int ibmvmc_send_signal(struct crq_server_adapter *adapter,
		       const struct ibmvmc_crq_msg *msg, u64 *number)
{
	int rc;

	if (adapter->pending.congested || !ibmvmc_window_signal(adapter))
		return -EBUSY;
	rc = ibmvmc_transmit(adapter, msg);
	if (rc)
		return rc == -EAGAIN ? -EBUSY : rc;
	*number = ibmvmc_window_sent(adapter);
	return 0;
}

static int ibmvmc_enqueue(struct crq_server_adapter *adapter,
			  const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_pending *pending = &adapter->pending;
	unsigned int i;

	if (!ibmvmc_is_response(msg)) {
		for (i = 0; i < pending->count; i++)
			if (!memcmp(&pending->entries[i], msg, sizeof(*msg)))
				return 0;
	}
	if (pending->count == pending->capacity) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_SEND_FAILED, msg,
				    -EAGAIN);
		ibmvmc_channel_broken(adapter, -EAGAIN);
		return -EIO;
	}
	pending->entries[pending->count++] = *msg;
	return 0;
}

/**
 * ibmvmc_send_control() - send a control entry, now or as soon as it can be
 * @adapter: started
 * @msg: the entry; a request that waits already is not queued twice
 *
 * Open and Close keep to the window; responses do not, and pass requests that
 * wait for it. The time-out of a Close begins when it was sent, or failed to
 * be.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO, also if the list is full (then the channel
 * will be reset, too).
 */
int ibmvmc_send_control(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_pending *pending = &adapter->pending;
	bool request = ibmvmc_is_request(msg);
	int rc;

	/*
	 * Without congestion only requests wait, for the window: others need
	 * not queue behind them.
	 */
	if (pending->congested ||
	    (request && (pending->count || !ibmvmc_window_request(adapter))))
		return ibmvmc_enqueue(adapter, msg);

	rc = ibmvmc_transmit(adapter, msg);
	if (rc == -EAGAIN)
		return ibmvmc_enqueue(adapter, msg);
	if (request && (!rc || rc == -EIO))
		ibmvmc_request_tried(adapter, msg, !rc);
	return rc;
}

/**
 * ibmvmc_send_vital() - send a control entry without which the channel hangs
 * @adapter: started
 * @msg: the entry
 *
 * As ibmvmc_send_control(), but every failure leads to a reset of the channel:
 * nobody would send the entry again, and the partner waits for it.
 */
int ibmvmc_send_vital(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *msg)
{
	int rc = ibmvmc_send_control(adapter, msg);

	if (rc == -EIO)
		ibmvmc_channel_broken(adapter, rc);
	return rc;
}

/* A waiting entry will never be sent. */
static void ibmvmc_send_lost(struct crq_server_adapter *adapter,
			     const struct ibmvmc_crq_msg *msg, int error)
{
	/* A Close is sent again by its time-out. */
	if (ibmvmc_is_request(msg) && vmc_crq_type(msg) == VMC_MSG_CLOSE)
		ibmvmc_request_tried(adapter, msg, false);
	else
		ibmvmc_channel_broken(adapter, error);
}

/**
 * ibmvmc_send_flush() - send of the waiting entries what can be sent now
 * @adapter: started
 */
static void ibmvmc_send_flush(struct crq_server_adapter *adapter)
{
	struct ibmvmc_pending *pending = &adapter->pending;
	unsigned int count = pending->count;
	unsigned int kept = 0;
	unsigned int i;
	int rc;

	if (pending->congested)
		return;
	for (i = 0; i < count; i++) {
		struct ibmvmc_crq_msg msg = pending->entries[i];
		bool request = ibmvmc_is_request(&msg);

		if (pending->congested ||
		    (request && (kept || !ibmvmc_window_request(adapter)))) {
			pending->entries[kept++] = msg;
			continue;
		}
		rc = ibmvmc_transmit(adapter, &msg);
		if (rc == -EAGAIN)
			pending->entries[kept++] = msg;
		else if (rc == -EIO)
			ibmvmc_send_lost(adapter, &msg, rc);
		else if (!rc && request)
			ibmvmc_request_tried(adapter, &msg, true);
	}
	pending->count = kept;
}

/**
 * ibmvmc_send_forget() - the waiting Open or Close of a slot is of no use
 * @hmc: whose latest session it is about
 */
void ibmvmc_send_forget(const struct ibmvmc_hmc *hmc)
{
	struct ibmvmc_pending *pending = &hmc->adapter->pending;
	struct vmc_interface request;
	unsigned int kept = 0;
	unsigned int i;

	for (i = 0; i < pending->count; i++) {
		const struct ibmvmc_crq_msg *msg = &pending->entries[i];

		if (ibmvmc_is_request(msg) &&
		    !vmc_interface_decode(msg, &request) &&
		    request.index == hmc->index &&
		    request.session == hmc->session)
			continue;
		pending->entries[kept++] = *msg;
	}
	pending->count = kept;
}

/**
 * ibmvmc_send_retry() - the time of pending.retry_at has come
 * @adapter: started
 */
void ibmvmc_send_retry(struct crq_server_adapter *adapter)
{
	struct ibmvmc_pending *pending = &adapter->pending;

	pending->congested = false;
	pending->retry_at = IBMVMC_TIMER_OFF;
	ibmvmc_send_flush(adapter);
	if (!pending->congested)
		ibmvmc_session_wake_all(adapter);
}

/**
 * ibmvmc_send_reset() - forget the waiting entries
 * @adapter: without a partner
 */
void ibmvmc_send_reset(struct crq_server_adapter *adapter)
{
	adapter->pending.count = 0;
	adapter->pending.congested = false;
	adapter->pending.retry_at = IBMVMC_TIMER_OFF;
}

/* The partner has taken @number, and so all that was sent before it. */
static void ibmvmc_window_take(struct crq_server_adapter *adapter, u64 number)
{
	unsigned int i;

	adapter->consumed = number;
	for (i = 0; adapter->repeated && i < adapter->hmcs; i++)
		if (adapter->connections[i].repeated_after < number)
			ibmvmc_window_forget(&adapter->connections[i]);
}

/* There may be more room than before. */
static void ibmvmc_window_moved(struct crq_server_adapter *adapter,
				bool was_open)
{
	ibmvmc_window_watch(adapter, true);
	ibmvmc_send_flush(adapter);
	if (!was_open && ibmvmc_window_signal(adapter))
		ibmvmc_session_wake_all(adapter);
}

/**
 * ibmvmc_window_consumed() - the partner has taken a request
 * @adapter: the channel is ready
 * @number: from ibmvmc_window_sent(); 0 and numbers of the past do nothing
 *
 * Control entries that waited for it are sent, and writers are woken.
 */
void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number)
{
	bool was_open = ibmvmc_window_signal(adapter);

	if (number <= adapter->consumed)
		return;
	ibmvmc_window_take(adapter, number);
	ibmvmc_window_moved(adapter, was_open);
}

/**
 * ibmvmc_window_answered() - the partner has answered an Open or a Close
 * @hmc: whose it was
 *
 * As ibmvmc_window_consumed() for its number, and for what was sent again.
 */
void ibmvmc_window_answered(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	bool was_open = ibmvmc_window_signal(adapter);
	bool repeated = hmc->repeated;

	ibmvmc_window_forget(hmc);
	if (hmc->number > adapter->consumed)
		ibmvmc_window_take(adapter, hmc->number);
	else if (!repeated)
		return;
	ibmvmc_window_moved(adapter, was_open);
}

/**
 * ibmvmc_window_timeout() - the time of window_deadline has come
 * @adapter: the channel is ready
 *
 * Forgets the oldest entry, as if it had been taken.
 */
void ibmvmc_window_timeout(struct crq_server_adapter *adapter)
{
	bool was_open = ibmvmc_window_signal(adapter);
	unsigned int i = 0;

	adapter->window_deadline = IBMVMC_TIMER_OFF;
	if (adapter->consumed < adapter->sent) {
		ibmvmc_window_take(adapter, adapter->consumed + 1);
	} else if (adapter->repeated) {
		while (!adapter->connections[i].repeated)
			i++;
		adapter->connections[i].repeated--;
		adapter->repeated--;
	}
	ibmvmc_window_moved(adapter, was_open);
}
