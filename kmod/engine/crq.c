// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The dispatch of received entries, and the loop that takes them out of the
 * queue.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "add-buffer.h"
#include "capabilities.h"
#include "channel.h"
#include "close.h"
#include "crq.h"
#include "limits.h"
#include "open.h"
#include "rem-buffer.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "signal.h"
#include "timer.h"
#include "vmc/message.h"

static void ibmvmc_drop(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *crq, int error)
{
	ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq, error);
}

void ibmvmc_crq_process(struct crq_server_adapter *adapter,
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
		ibmvmc_drop(adapter, crq, -EBADMSG);
		break;
	}
}

void ibmvmc_handle_crq_event(const struct ibmvmc_crq_msg *crq,
			     struct crq_server_adapter *adapter)
{
	u8 kind = vmc_crq_type(crq);

	ibmvmc_report(adapter, IBMVMC_EVENT_TRANSPORT, -1, kind, 0);
	ibmvmc_reset(adapter, true);
	if (kind == VMC_EVENT_MIGRATED)
		ibmvmc_enable_queue(adapter);
}

void ibmvmc_handle_crq(const struct ibmvmc_crq_msg *crq,
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

unsigned int ibmvmc_drain(struct crq_server_adapter *adapter,
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
		ibmvmc_settle(adapter);
	}
	adapter->draining = false;
	return budget;
}

bool ibmvmc_was_reset(struct crq_server_adapter *adapter)
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
		/* Of a queue about to be registered anew nothing is heard. */
		if (adapter->state == IBMVMC_STATE_SCHED_RESET)
			break;
		if (ibmvmc_listen(adapter))
			break;
		/* What came before they were on has raised none. */
		if (!crq_queue_pending(&adapter->queue))
			break;
		adapter->ops->set_interrupts(adapter->transport, false);
	}
	ibmvmc_finish(adapter);
	return more;
}

void ibmvmc_resume(struct crq_server_adapter *adapter)
{
	if (!adapter->started || !adapter->registered)
		return;
	if (adapter->state != IBMVMC_STATE_SCHED_RESET &&
	    !ibmvmc_listen(adapter))
		ibmvmc_drain(adapter, adapter->queue.size);
	ibmvmc_finish(adapter);
}
