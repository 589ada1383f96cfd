// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The channel as a whole: queue initialisation, capabilities, and which
 * connection an entry belongs to. What a connection does with it is told in
 * connection.c. (vmc-facts 3.1)
 */
#include <linux/kernel.h>

#include "internal.h"
#include "vmc/status.h"

static void outbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	u32 last = (hv->outbox_head + hv->outbox_count) % VMC_HV_OUTBOX;

	hv->outbox[last] = *msg;
	hv->outbox_count++;
}

void vmc_hv_protocol_init(struct vmc_hv *hv, u8 type)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, type);
	outbox_add(hv, &msg);
}

void vmc_hv_answer(struct vmc_hv *hv, const struct vmc_interface *request,
		   u16 buffer_id, u8 status)
{
	struct vmc_interface answer = {
		.type = request->type | VMC_MSG_RESPONSE,
		.status = status,
		.session = request->session,
		.index = request->index,
		.buffer_id = buffer_id,
	};
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, &answer);
	outbox_add(hv, &msg);
}

/* What was agreed with the partition is void. */
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
		/* The partition begins anew, whatever was before. */
		forget_agreement(hv);
		vmc_hv_fault_forget_held(hv);
		hv->outbox_count = 0;
		vmc_hv_protocol_init(hv, VMC_INIT_COMPLETE);
		hv->channel = VMC_HV_CHANNEL_INITIALIZED;
		break;
	case VMC_INIT_COMPLETE:
		/* In any other state it crossed the partition's Initialize. */
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
	 * A partition that repeats itself may have missed the answer, and with
	 * it the initial buffers; it may as well have been impatient, and have
	 * them. Those it has answered are not told again.
	 */
	for (i = 0; i < hmcs; i++) {
		if (repeated)
			vmc_hv_connection_retell(&hv->connections[i]);
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
	outbox_add(hv, &msg);
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
			vmc_hv_answer(hv, &request, request.buffer_id,
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
