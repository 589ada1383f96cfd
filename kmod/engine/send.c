// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sending end. It looks at an entry only to tell what kind it is.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "adapter.h"
#include "close.h"
#include "file-session.h"
#include "hmc.h"
#include "limits.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "timer.h"
#include "vmc/message.h"
#include "window.h"

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

void ibmvmc_send_flush(struct crq_server_adapter *adapter)
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

void ibmvmc_send_retry(struct crq_server_adapter *adapter)
{
	struct ibmvmc_pending *pending = &adapter->pending;

	pending->congested = false;
	pending->retry_at = IBMVMC_TIMER_OFF;
	ibmvmc_send_flush(adapter);
	if (!pending->congested)
		ibmvmc_session_wake_all(adapter);
}

void ibmvmc_send_reset(struct crq_server_adapter *adapter)
{
	adapter->pending.count = 0;
	adapter->pending.congested = false;
	adapter->pending.retry_at = IBMVMC_TIMER_OFF;
}
