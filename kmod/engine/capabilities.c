// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The capabilities exchange. Every field the partner names is checked before
 * anything is sized by it.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "capabilities.h"
#include "channel.h"
#include "initial.h"
#include "limits.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "timer.h"
#include "vmc/message.h"
#include "vmc/status.h"

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

int ibmvmc_send_capabilities(struct crq_server_adapter *adapter)
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
