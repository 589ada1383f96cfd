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
#include "file-session.h"
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

	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES, &caps);
	adapter->deadline = ibmvmc_now(adapter) + IBMVMC_CAPABILITIES_MS;
	return ibmvmc_send_vital(adapter, &msg);
}

int ibmvmc_send_capabilities(struct crq_server_adapter *adapter)
{
	ibmvmc_set_state(adapter, IBMVMC_STATE_CAPABILITIES);
	adapter->tries = 1;
	return ibmvmc_put_capabilities(adapter);
}

static bool ibmvmc_capabilities_acceptable(const struct vmc_capabilities *peer)
{
	return peer->status == VMC_STATUS_SUCCESS &&
	       VMC_VERSION_MAJOR(peer->version) ==
		       VMC_VERSION_MAJOR(VMC_VERSION) &&
	       peer->hmcs >= VMC_HMCS_MIN && peer->pool >= VMC_PEER_POOL_MIN &&
	       peer->mtu >= VMC_PEER_MTU_MIN && peer->crq_entries >= 1;
}

void ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *crqp)
{
	struct vmc_capabilities peer;
	int rc;

	rc = vmc_capabilities_decode(crqp, &peer);
	if (!rc && adapter->state != IBMVMC_STATE_CAPABILITIES)
		rc = -EPROTO;
	if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crqp,
				    rc);
		return;
	}

	adapter->deadline = IBMVMC_TIMER_OFF;
	adapter->peer_version = peer.version;
	if (!ibmvmc_capabilities_acceptable(&peer)) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crqp,
				    -EPROTONOSUPPORT);
		ibmvmc_set_state(adapter, IBMVMC_STATE_FAILED);
		return;
	}
	adapter->hmcs = min(peer.hmcs, adapter->config.max_hmcs);
	adapter->pool = min(peer.pool, adapter->config.buf_pool_size);
	adapter->mtu = min(peer.mtu, adapter->config.max_mtu);
	adapter->peer_crq_entries = peer.crq_entries;
	adapter->self_resets = 0;
	ibmvmc_set_state(adapter, IBMVMC_STATE_READY);
	ibmvmc_session_try_waiting(adapter);
}

void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter)
{
	ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, -1, VMC_MSG_CAPABILITIES,
		      -ETIMEDOUT);
	if (adapter->tries >= IBMVMC_CAPABILITIES_TRIES) {
		ibmvmc_channel_broken(adapter, -ETIMEDOUT);
		return;
	}
	adapter->tries++;
	ibmvmc_put_capabilities(adapter);
}
