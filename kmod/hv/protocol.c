// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel protocol: handles queue initialisation and the capabilities exchange
 * (docs/protocol.md, Initialisation), and passes other entries to their
 * connection. It does not handle the entries of one connection: connection.c
 * does.
 */
#include <linux/kernel.h>

#include "internal.h"
#include "vmc/status.h"

/* Forget everything that was negotiated with the partition. */
static void forget_agreement(struct vmc_hv *hv)
{
	unsigned int i;

	for (i = 0; i < hv->config.hmcs; i++)
		vmc_hv_connection_restart(&hv->connections[i]);
	hv->hmcs = 0;
}

void vmc_hv_protocol_restart(struct vmc_hv *hv)
{
	forget_agreement(hv);
	vmc_hv_fault_forget_held(hv);
	hv->outbox_count = 0;
	hv->inbox_count = 0;
	hv->channel = VMC_HV_CHANNEL_DOWN;
	hv->arriving = false;
}

static void take_init(struct vmc_hv *hv, u8 type)
{
	hv->arriving = false;
	switch (type) {
	case VMC_INIT_INITIALIZE:
		/* Initialize restarts the handshake from any state. */
		forget_agreement(hv);
		vmc_hv_fault_forget_held(hv);
		hv->outbox_count = 0;
		vmc_hv_outbox_init(hv, VMC_INIT_COMPLETE);
		hv->channel = VMC_HV_CHANNEL_INITIALIZED;
		break;
	case VMC_INIT_COMPLETE:
		/* In other states it crossed an Initialize of the partition. */
		if (hv->channel == VMC_HV_CHANNEL_DOWN)
			hv->channel = VMC_HV_CHANNEL_INITIALIZED;
		break;
	default:
		vmc_hv_violation(hv);
		break;
	}
}

static u8 judge(const struct vmc_capabilities *caps)
{
	if (VMC_VERSION_MAJOR(caps->version) != VMC_VERSION_MAJOR(VMC_VERSION))
		return VMC_STATUS_INVALID_VERSION;
	if (!caps->hmcs || caps->pool < VMC_PEER_POOL_MIN ||
	    caps->mtu < VMC_PEER_MTU_MIN)
		return VMC_STATUS_GENERAL_FAILURE;
	return VMC_STATUS_SUCCESS;
}

static void agree(struct vmc_hv *hv, const struct vmc_capabilities *theirs)
{
	u8 hmcs = min(hv->offer.hmcs, theirs->hmcs);
	u16 pool = min(hv->offer.pool, theirs->pool);
	u32 mtu = min(hv->offer.mtu, theirs->mtu);
	bool repeated = hv->channel == VMC_HV_CHANNEL_READY &&
			hv->hmcs == hmcs && hv->pool == pool && hv->mtu == mtu;
	unsigned int i;

	if (!repeated) {
		forget_agreement(hv);
		hv->hmcs = hmcs;
		hv->pool = pool;
		hv->mtu = mtu;
		hv->channel = VMC_HV_CHANNEL_READY;
		hv->faulted = false;
	}

	/*
	 * A partition that repeats Capabilities may have missed the response
	 * and the initial buffers, or may only have been too impatient. Repeat
	 * only the Add Buffers that it has not answered.
	 */
	for (i = 0; i < hmcs; i++) {
		if (repeated)
			vmc_hv_connection_repeat(&hv->connections[i]);
		else
			vmc_hv_connection_begin(&hv->connections[i]);
	}
}

static void take_capabilities(struct vmc_hv *hv,
			      const struct vmc_capabilities *theirs)
{
	struct vmc_capabilities ours = {
		.status = hv->refusing ? VMC_STATUS_GENERAL_FAILURE :
					 judge(theirs),
		.hmcs = hv->offer.hmcs,
		.pool = hv->offer.pool,
		.mtu = hv->offer.mtu,
		.crq_entries = hv->config.crq_entries,
		.version = VMC_VERSION,
	};
	struct ibmvmc_crq_msg msg;

	if (ours.status) {
		if (!hv->refusing)
			vmc_hv_violation(hv);
		forget_agreement(hv);
		hv->channel = VMC_HV_CHANNEL_INITIALIZED;
	} else {
		agree(hv, theirs);
	}
	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES_RESP, &ours);
	vmc_hv_outbox_add(hv, &msg);
}

static void take_interface(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	struct vmc_interface request;

	if (vmc_interface_decode(msg, &request) ||
	    hv->channel != VMC_HV_CHANNEL_READY) {
		vmc_hv_violation(hv);
		return;
	}

	if (request.index >= hv->hmcs) {
		vmc_hv_violation(hv);
		if (request.type == VMC_MSG_OPEN ||
		    request.type == VMC_MSG_CLOSE)
			vmc_hv_outbox_answer(hv, &request, request.buffer_id,
					     VMC_STATUS_GENERAL_FAILURE);
		return;
	}

	if (!vmc_hv_connection_take(hv, &hv->connections[request.index],
				    &request))
		vmc_hv_violation(hv);
}

void vmc_hv_protocol_take(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	struct vmc_capabilities theirs;

	if (vmc_crq_header(msg) == VMC_CRQ_INIT) {
		take_init(hv, vmc_crq_type(msg));
	} else if (hv->channel == VMC_HV_CHANNEL_DOWN) {
		if (!hv->arriving)
			vmc_hv_violation(hv);
	} else if (vmc_crq_type(msg) == VMC_MSG_CAPABILITIES) {
		if (!vmc_capabilities_decode(msg, &theirs))
			take_capabilities(hv, &theirs);
	} else {
		take_interface(hv, msg);
	}
}
