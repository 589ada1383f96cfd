// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending: sends CRQ entries and controls their flow. A control entry that
 * finds the partner's queue full is kept in a bounded list and sent later, in
 * order; a Signal is not. The contents of entries are not changed here.
 *
 * Flow control: at most half of the partner's queue may hold our requests; the
 * other half is for our responses. Entries are not acknowledged, but the
 * partner takes them in order. So each request has a number, which is stored in
 * its buffer or connection; when that buffer or the response returns, the
 * partner has taken all entries up to this number. One place is reserved for
 * Open and Close.
 *
 * A repeated Open or Close occupies a place but has no number. Its place is
 * released with the response, regardless of which request the response answers.
 *
 * A message need not be answered. If the window stays closed for
 * IBMVMC_WINDOW_MS without a response, its oldest entry is discarded from the
 * count, which permits one more entry; the next response corrects the count. A
 * partner that takes nothing thus receives half of its queue immediately, then
 * one entry in each IBMVMC_WINDOW_MS until the transport reports that the queue
 * is full.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"
#include "vmc/message.h"

static u64 ibmvmc_window_limit(const struct crq_server_adapter *adapter)
{
	return adapter->negotiated.crq_entries / 2;
}

static u64 ibmvmc_window_used(const struct crq_server_adapter *adapter)
{
	return adapter->window.sent - adapter->window.consumed +
	       adapter->window.repeated;
}

/**
 * ibmvmc_window_reset() - reset flow control for an empty partner queue
 * @adapter: adapter without sessions, all connections free
 */
void ibmvmc_window_reset(struct crq_server_adapter *adapter)
{
	adapter->window.sent = 0;
	adapter->window.consumed = 0;
	adapter->window.deadline = IBMVMC_TIMER_OFF;
}

/**
 * ibmvmc_window_signal() - check whether the window permits a Signal
 * @adapter: adapter whose channel is ready
 *
 * Return: true if a Signal may be sent now.
 */
bool ibmvmc_window_signal(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) + 1 < ibmvmc_window_limit(adapter);
}

/**
 * ibmvmc_window_request() - check whether the window permits an Open or Close
 * @adapter: adapter whose channel is ready
 *
 * Return: true if an Open or Close may be sent now.
 */
static bool ibmvmc_window_request(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) < ibmvmc_window_limit(adapter);
}

/* The timeout of a closed window starts when the partner takes an entry. */
static void ibmvmc_window_watch(struct crq_server_adapter *adapter, bool taken)
{
	if (ibmvmc_window_signal(adapter))
		adapter->window.deadline = IBMVMC_TIMER_OFF;
	else if (taken || adapter->window.deadline == IBMVMC_TIMER_OFF)
		adapter->window.deadline =
			ibmvmc_now(adapter) + IBMVMC_WINDOW_MS;
}

/**
 * ibmvmc_window_sent() - count a request that was sent
 * @adapter: adapter whose channel is ready
 *
 * Return: number of the request, never 0.
 */
static u64 ibmvmc_window_sent(struct crq_server_adapter *adapter)
{
	adapter->window.sent++;
	ibmvmc_window_watch(adapter, false);
	return adapter->window.sent;
}

/**
 * ibmvmc_window_repeated() - count a repeated Open or Close
 * @hmc: connection in state OPENING or CLOSING
 */
static void ibmvmc_window_repeated(struct ibmvmc_hmc *hmc)
{
	hmc->repeated++;
	hmc->repeated_after = hmc->adapter->window.sent;
	hmc->adapter->window.repeated++;
	ibmvmc_window_watch(hmc->adapter, false);
}

/**
 * ibmvmc_window_forget() - release the places of repeated requests
 * @hmc: connection
 *
 * Waiters are not woken.
 */
void ibmvmc_window_forget(struct ibmvmc_hmc *hmc)
{
	hmc->adapter->window.repeated -= hmc->repeated;
	hmc->repeated = 0;
}

/* The window counts these requests; a Signal is never in the list. */
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
 * ibmvmc_send_now() - send an entry without queueing it
 * @adapter: started adapter
 * @msg: entry
 *
 * The caller handles all failures. Initialize is sent by this function, because
 * its failure is normal.
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

/* As ibmvmc_send_now(), but records congestion, failures and trouble. */
static int ibmvmc_transmit(struct crq_server_adapter *adapter,
			   const struct ibmvmc_crq_msg *msg)
{
	int rc;

	/* The channel will be reset: send nothing more. */
	if (adapter->trouble.kind != IBMVMC_TROUBLE_NONE)
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
 * ibmvmc_close_tried() - start the timeout of a Close
 * @hmc: connection in state CLOSING
 *
 * Called when Close was sent or could not be sent. A Close that is still queued
 * has no timeout.
 */
static void ibmvmc_close_tried(struct ibmvmc_hmc *hmc)
{
	hmc->tries++;
	hmc->deadline = ibmvmc_now(hmc->adapter) + IBMVMC_CLOSE_MS;
}

/* Returns the connection whose pending Open or Close this is, or NULL. */
static struct ibmvmc_hmc *ibmvmc_requester(struct crq_server_adapter *adapter,
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

/* Counts an Open or Close after an attempt to send it. */
static void ibmvmc_request_tried(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *msg, bool sent)
{
	struct ibmvmc_hmc *hmc = ibmvmc_requester(adapter, msg);

	/*
	 * A repeated request keeps its first number: a response does not show
	 * which of the two it answers.
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
 * ibmvmc_send_signal() - send a Signal without queueing it
 * @adapter: adapter whose channel is ready
 * @msg: entry
 * @number: set to the number of the request on success
 *
 * Return: 0; -EBUSY if the partner's queue is full or the window is closed
 * (writers are woken later); -ENOTCONN (the channel is reset when the present
 * call ends); -EIO.
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
 * ibmvmc_send_control() - send a control entry, or queue it
 * @adapter: started adapter
 * @msg: entry; a request that is already queued is not queued again
 *
 * Open and Close respect the window. Responses do not, and overtake requests
 * that wait for the window. The timeout of a Close starts when the entry is
 * sent or cannot be sent.
 *
 * Return: 0 if sent or queued; -ENOTCONN (the channel is reset when the present
 * call ends); -EIO, also if the list is full (the channel is reset then, too).
 */
int ibmvmc_send_control(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_pending *pending = &adapter->pending;
	bool request = ibmvmc_is_request(msg);
	int rc;

	/*
	 * Without congestion only requests are queued, because of the window;
	 * other entries can be sent.
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
 * ibmvmc_send_vital() - send a control entry that the partner waits for
 * @adapter: started adapter
 * @msg: entry
 *
 * As ibmvmc_send_control(), but every failure resets the channel, because the
 * entry would not be sent again.
 *
 * Return: as ibmvmc_send_control().
 */
int ibmvmc_send_vital(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *msg)
{
	int rc = ibmvmc_send_control(adapter, msg);

	if (rc == -EIO)
		ibmvmc_channel_broken(adapter, rc);
	return rc;
}

/* Handles a queued entry that cannot be sent. */
static void ibmvmc_send_lost(struct crq_server_adapter *adapter,
			     const struct ibmvmc_crq_msg *msg, int error)
{
	/* The timeout sends Close again. */
	if (ibmvmc_is_request(msg) && vmc_crq_type(msg) == VMC_MSG_CLOSE)
		ibmvmc_request_tried(adapter, msg, false);
	else
		ibmvmc_channel_broken(adapter, error);
}

/**
 * ibmvmc_send_flush() - send the queued entries that can be sent now
 * @adapter: started adapter
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
 * ibmvmc_send_forget() - remove a connection's Open or Close from the queue
 * @hmc: connection; requests of its latest session are removed
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
 * ibmvmc_send_retry() - send again when pending.retry_at has expired
 * @adapter: started adapter
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
 * ibmvmc_send_reset() - discard the queued entries
 * @adapter: adapter without a partner
 */
void ibmvmc_send_reset(struct crq_server_adapter *adapter)
{
	adapter->pending.count = 0;
	adapter->pending.congested = false;
	adapter->pending.retry_at = IBMVMC_TIMER_OFF;
}

/* Records that the partner has taken @number and everything before it. */
static void ibmvmc_window_take(struct crq_server_adapter *adapter, u64 number)
{
	unsigned int i;

	adapter->window.consumed = number;
	for (i = 0; adapter->window.repeated && i < adapter->negotiated.hmcs;
	     i++)
		if (adapter->connections[i].repeated_after < number)
			ibmvmc_window_forget(&adapter->connections[i]);
}

/* Sends queued entries and wakes writers after the window has moved. */
static void ibmvmc_window_moved(struct crq_server_adapter *adapter,
				bool was_open)
{
	ibmvmc_window_watch(adapter, true);
	ibmvmc_send_flush(adapter);
	if (!was_open && ibmvmc_window_signal(adapter))
		ibmvmc_session_wake_all(adapter);
}

/**
 * ibmvmc_window_consumed() - record that the partner has taken a request
 * @adapter: adapter whose channel is ready
 * @number: number of the request; 0 and past numbers have no effect
 *
 * Sends queued control entries and wakes writers.
 */
void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number)
{
	bool was_open = ibmvmc_window_signal(adapter);

	if (number <= adapter->window.consumed)
		return;
	ibmvmc_window_take(adapter, number);
	ibmvmc_window_moved(adapter, was_open);
}

/**
 * ibmvmc_window_answered() - record the response to an Open or Close
 * @hmc: connection of the request
 *
 * As ibmvmc_window_consumed() for the number of the request; also releases the
 * places of repeated requests.
 */
void ibmvmc_window_answered(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	bool was_open = ibmvmc_window_signal(adapter);
	bool repeated = hmc->repeated;

	ibmvmc_window_forget(hmc);
	if (hmc->number > adapter->window.consumed)
		ibmvmc_window_take(adapter, hmc->number);
	else if (!repeated)
		return;
	ibmvmc_window_moved(adapter, was_open);
}

/**
 * ibmvmc_window_timeout() - handle the timeout of a closed window
 * @adapter: adapter whose channel is ready
 *
 * Releases the oldest entry's place as if the partner had taken that entry.
 */
void ibmvmc_window_timeout(struct crq_server_adapter *adapter)
{
	bool was_open = ibmvmc_window_signal(adapter);
	unsigned int i = 0;

	adapter->window.deadline = IBMVMC_TIMER_OFF;
	if (adapter->window.consumed < adapter->window.sent) {
		ibmvmc_window_take(adapter, adapter->window.consumed + 1);
	} else if (adapter->window.repeated) {
		while (!adapter->connections[i].repeated)
			i++;
		adapter->connections[i].repeated--;
		adapter->window.repeated--;
	}
	ibmvmc_window_moved(adapter, was_open);
}
