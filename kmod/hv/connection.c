// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One connection: handles the partition's entries that open and close a
 * session, answer buffer requests, or signal a message (docs/protocol.md, Open
 * to Close and reset). Each function handles one entry and returns whether it
 * followed the protocol. It either sends an immediate response or changes state
 * that outbound.c acts on.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"
#include "vmc/status.h"

/* Number of the buffer with which each session begins. */
#define INITIAL_BUFFER 0

static void forget_session(struct vmc_hv_connection *conn)
{
	vmc_hv_buffer_forget_all(conn);
	/* Consequences of a fault may still arrive after the Close. */
	if (conn->faulted)
		conn->faulted--;
	conn->exchanged = false;
	conn->removing = 0;
	conn->shrink = 0;
	conn->retry_ms = 0;
	conn->emit_count = 0;
	conn->flood_left = 0;
}

void vmc_hv_connection_restart(struct vmc_hv_connection *conn)
{
	unsigned int id;

	forget_session(conn);
	conn->faulted = 0;
	/* No request from before will be answered. */
	for (id = 0; id < VMC_POOL_MAX; id++)
		conn->buffers[id].unanswered = 0;
	conn->session = VMC_SESSION_NONE;
	conn->state = VMC_HV_CONNECTION_IDLE;
}

void vmc_hv_connection_begin(struct vmc_hv_connection *conn)
{
	vmc_hv_buffer_offer(conn, INITIAL_BUFFER, VMC_OWNER_PARTITION,
			    VMC_SESSION_NONE);
}

void vmc_hv_connection_repeat(struct vmc_hv_connection *conn)
{
	struct vmc_hv_buffer *buffer;
	unsigned int id;

	for (id = 0; id < VMC_POOL_MAX; id++) {
		buffer = &conn->buffers[id];
		if (buffer->state == VMC_HV_BUFFER_OFFERED &&
		    !buffer->add_due) {
			buffer->add_due = true;
			conn->adds_due++;
			vmc_hv_connection_set_busy(conn, true);
		}
	}
}

u64 vmc_hv_connection_pending(const struct vmc_hv_connection *conn)
{
	return conn->emit_count + conn->flood_left;
}

static bool running(const struct vmc_hv_connection *conn)
{
	return conn->state == VMC_HV_CONNECTION_OPENING ||
	       conn->state == VMC_HV_CONNECTION_OPEN;
}

/*
 * Returns true for an entry that the partition sent before it saw the end of
 * the session. The session's buffers are gone by then, on both sides.
 */
static bool stale(const struct vmc_hv_connection *conn, u8 session)
{
	return conn->state == VMC_HV_CONNECTION_CLOSED &&
	       session == conn->session;
}

static void answer_open(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			u8 status)
{
	struct vmc_interface request = {
		.type = VMC_MSG_OPEN,
		.session = conn->session,
		.index = conn->index,
	};

	conn->state =
		status ? VMC_HV_CONNECTION_REFUSED : VMC_HV_CONNECTION_OPEN;
	vmc_hv_outbox_answer(hv, &request, conn->open_buffer, status);
}

/* Answer the Open once the partition has answered every Add Buffer. */
static void finish_open(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	unsigned int added = conn->counts[VMC_HV_BUFFER_PARTITION] +
			     conn->counts[VMC_HV_BUFFER_IDLE];

	if (conn->state != VMC_HV_CONNECTION_OPENING ||
	    conn->counts[VMC_HV_BUFFER_OFFERED])
		return;
	/* The initial buffer alone is not enough for both directions. */
	answer_open(hv, conn,
		    added > 1 ? VMC_STATUS_SUCCESS :
				VMC_STATUS_GENERAL_FAILURE);
}

/* Split the pool in half. The partition has the initial buffer already. */
static void offer_pool(const struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	unsigned int ours = hv->pool / 2;
	unsigned int id;

	for (id = 0; id < hv->pool; id++) {
		if (conn->buffers[id].state != VMC_HV_BUFFER_NONE)
			continue;
		vmc_hv_buffer_offer(conn, id,
				    ours ? VMC_OWNER_HYPERVISOR :
					   VMC_OWNER_PARTITION,
				    conn->session);
		if (ours)
			ours--;
	}
}

static bool partition_has(const struct vmc_hv *hv,
			  const struct vmc_hv_connection *conn, u16 id)
{
	return id < hv->pool &&
	       conn->buffers[id].state == VMC_HV_BUFFER_PARTITION;
}

static bool take_open(struct vmc_hv *hv, struct vmc_hv_connection *conn,
		      const struct vmc_interface *msg)
{
	if (msg->session != VMC_SESSION_NONE && msg->session == conn->session) {
		/* A repeated Open: the partition missed an entry. */
		switch (conn->state) {
		case VMC_HV_CONNECTION_OPEN:
			answer_open(hv, conn, VMC_STATUS_SUCCESS);
			return true;
		case VMC_HV_CONNECTION_OPENING:
			vmc_hv_connection_repeat(conn);
			return true;
		case VMC_HV_CONNECTION_REFUSED:
			answer_open(hv, conn, VMC_STATUS_GENERAL_FAILURE);
			return true;
		}
	}
	if (running(conn) || msg->session == VMC_SESSION_NONE ||
	    !partition_has(hv, conn, msg->buffer_id)) {
		vmc_hv_outbox_answer(hv, msg, msg->buffer_id,
				     VMC_STATUS_GENERAL_FAILURE);
		return false;
	}

	conn->session = msg->session;
	conn->open_buffer = (u8)msg->buffer_id;
	memcpy(conn->hmc_id, vmc_hv_buffer_data(hv, conn, msg->buffer_id),
	       VMC_HMC_ID_LEN);
	if (hv->refused[VMC_HV_REQUEST_OPEN] || hv->refusing) {
		answer_open(hv, conn, VMC_STATUS_GENERAL_FAILURE);
		return true;
	}
	conn->state = VMC_HV_CONNECTION_OPENING;
	offer_pool(hv, conn);
	return true;
}

static bool take_close(struct vmc_hv *hv, struct vmc_hv_connection *conn,
		       const struct vmc_interface *msg)
{
	if (msg->session == VMC_SESSION_NONE || msg->session != conn->session) {
		vmc_hv_outbox_answer(hv, msg, 0, VMC_STATUS_GENERAL_FAILURE);
		return false;
	}
	if (hv->refusing) {
		vmc_hv_outbox_answer(hv, msg, 0, VMC_STATUS_GENERAL_FAILURE);
		return true;
	}

	vmc_hv_outbox_answer(hv, msg, 0, VMC_STATUS_SUCCESS);
	/* After a repeated Close the next initial buffer exists already. */
	if (conn->state != VMC_HV_CONNECTION_CLOSED) {
		forget_session(conn);
		conn->state = VMC_HV_CONNECTION_CLOSED;
		vmc_hv_connection_begin(conn);
	}
	return true;
}

static bool take_add_response(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			      const struct vmc_interface *msg)
{
	struct vmc_hv_buffer *buffer;

	if (msg->buffer_id >= hv->pool)
		return false;
	buffer = &conn->buffers[msg->buffer_id];
	if (!buffer->unanswered || buffer->session != msg->session)
		return stale(conn, msg->session);

	buffer->unanswered--;
	if (buffer->state != VMC_HV_BUFFER_OFFERED)
		return true;
	/* One successful answer to a repeated request is enough. */
	if (msg->status && (buffer->unanswered || buffer->add_due))
		return true;

	if (buffer->add_due) {
		buffer->add_due = false;
		conn->adds_due--;
	}
	if (msg->status)
		vmc_hv_buffer_set(conn, msg->buffer_id, VMC_HV_BUFFER_NONE);
	else if (buffer->owner == VMC_OWNER_PARTITION)
		vmc_hv_buffer_set(conn, msg->buffer_id,
				  VMC_HV_BUFFER_PARTITION);
	else
		vmc_hv_buffer_set(conn, msg->buffer_id, VMC_HV_BUFFER_IDLE);
	conn->retry_ms = 0;
	finish_open(hv, conn);
	return true;
}

static bool take_remove_response(struct vmc_hv *hv,
				 struct vmc_hv_connection *conn,
				 const struct vmc_interface *msg)
{
	u64 have;

	if (conn->state != VMC_HV_CONNECTION_OPEN ||
	    msg->session != conn->session || !conn->removing)
		return stale(conn, msg->session);

	conn->removing--;
	if (msg->status) {
		conn->shrink = 0;
		conn->retry_ms = hv->now_ms + VMC_HV_RETRY_MS;
		return true;
	}
	if (!partition_has(hv, conn, msg->buffer_id))
		return false;
	if (conn->shrink) {
		conn->shrink--;
		vmc_hv_buffer_set(conn, msg->buffer_id, VMC_HV_BUFFER_NONE);
		return true;
	}

	/* Use it for a pending message, unless there are enough buffers. */
	have = conn->counts[VMC_HV_BUFFER_IDLE] +
	       conn->counts[VMC_HV_BUFFER_OFFERED];
	vmc_hv_buffer_set(conn, msg->buffer_id, VMC_HV_BUFFER_NONE);
	vmc_hv_buffer_offer(conn, msg->buffer_id,
			    vmc_hv_connection_pending(conn) > have ?
				    VMC_OWNER_HYPERVISOR :
				    VMC_OWNER_PARTITION,
			    conn->session);
	return true;
}

static bool take_signal(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			const struct vmc_interface *msg)
{
	u8 *data;

	if (conn->state != VMC_HV_CONNECTION_OPEN ||
	    msg->session != conn->session ||
	    !partition_has(hv, conn, msg->buffer_id))
		return false;

	conn->retry_ms = 0;
	/* The buffer is ours from now on, even if the message is invalid. */
	vmc_hv_buffer_set(conn, msg->buffer_id, VMC_HV_BUFFER_IDLE);
	if (msg->word > hv->mtu)
		return false;

	hv->stats.messages_in++;
	data = vmc_hv_buffer_data(hv, conn, msg->buffer_id);
	if (vmc_hv_router_answer(conn, data, msg->word))
		vmc_hv_buffer_fill(conn, msg->buffer_id, msg->word);
	return true;
}

bool vmc_hv_connection_take(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			    const struct vmc_interface *msg)
{
	vmc_hv_connection_set_busy(conn, true);
	switch (msg->type) {
	case VMC_MSG_OPEN:
		return take_open(hv, conn, msg);
	case VMC_MSG_CLOSE:
		return take_close(hv, conn, msg);
	case VMC_MSG_ADD_BUFFER_RESP:
		return take_add_response(hv, conn, msg);
	case VMC_MSG_REMOVE_BUFFER_RESP:
		return take_remove_response(hv, conn, msg);
	case VMC_MSG_SIGNAL:
		return take_signal(hv, conn, msg);
	default:
		/* Only a hypervisor sends this type. */
		return false;
	}
}
