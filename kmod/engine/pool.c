// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffer pool: handles Add Buffer and Remove Buffer. Each request is answered,
 * also a refused one, because the hypervisor waits for the response.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "internal.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_send_buffer_resp() - answer an Add or a Remove Buffer (vmc-facts 2.3)
 * @adapter: the channel is ready
 * @type: VMC_MSG_ADD_BUFFER_RESP or VMC_MSG_REMOVE_BUFFER_RESP
 * @status: VMC_STATUS_ value
 * @hmc_session: HMC session, as in the request
 * @hmc_index: HMC index, as in the request
 * @buffer_id: the buffer, or VMC_BUFFER_NONE
 *
 * Return: 0 if it is sent or queued; -ENOTCONN, -EIO (the channel will be reset
 * when the present call ends).
 */
static int ibmvmc_send_buffer_resp(struct crq_server_adapter *adapter, u8 type,
				   u8 status, u8 hmc_session, u8 hmc_index,
				   u16 buffer_id)
{
	struct vmc_interface message = {
		.type = type,
		.status = status,
		.session = hmc_session,
		.index = hmc_index,
		.buffer_id = buffer_id,
	};
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, &message);
	return ibmvmc_send_vital(adapter, &msg);
}

/**
 * ibmvmc_send_add_buffer_resp() - answer an Add Buffer (vmc-facts 2.3, 2.4)
 * @adapter: the channel is ready
 * @status: VMC_STATUS_ value
 * @hmc_session: HMC session, as in the request
 * @hmc_index: HMC index, as in the request
 * @buffer_id: buffer, as in the request
 *
 * Return: 0 if it is sent or queued; -ENOTCONN, -EIO (the channel will be reset
 * when the present call ends).
 */
static int ibmvmc_send_add_buffer_resp(struct crq_server_adapter *adapter,
				       u8 status, u8 hmc_session, u8 hmc_index,
				       u16 buffer_id)
{
	return ibmvmc_send_buffer_resp(adapter, VMC_MSG_ADD_BUFFER_RESP,
				       status, hmc_session, hmc_index,
				       buffer_id);
}

/*
 * A free slot gets buffers of any number (vmc-facts 2.6). If the hypervisor
 * gives one of them for another session, or for the slot's next one, it does
 * not know of the earlier any more.
 */
static bool ibmvmc_superseded(const struct ibmvmc_hmc *hmc,
			      const struct ibmvmc_buffer *buffer, u8 session)
{
	return buffer->session != VMC_SESSION_NONE &&
	       buffer->session != session && buffer != hmc->open_buffer;
}

static int ibmvmc_accept_buffer(struct crq_server_adapter *adapter,
				const struct vmc_interface *message, u8 *status)
{
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_hmc_session(adapter, message);
	if (rc) {
		*status = ibmvmc_refuse_status(rc);
		return rc;
	}
	*status = VMC_STATUS_INVALID_BUFFER_ID;
	if (message->buffer_id >= adapter->pool)
		return -EINVAL;
	hmc = ibmvmc_hmc_at(adapter, message->index);
	buffer = &hmc->buffers[message->buffer_id];
	if (buffer->storage) {
		if (!ibmvmc_superseded(hmc, buffer, message->session))
			return -EEXIST;
		ibmvmc_free_hmc_buffer(hmc, buffer);
	}

	*status = VMC_STATUS_INTERFACE_FAILURE;
	rc = ibmvmc_storage_new(adapter, buffer);
	if (rc) {
		/* The hypervisor does not add it again by itself. */
		ibmvmc_await_initial(hmc);
		return -ENOMEM;
	}
	buffer->lioba = message->word;
	buffer->owner = message->owner;
	buffer->free = false;
	buffer->session = message->session;
	buffer->number = 0;
	if (buffer->owner == VMC_OWNER_PARTITION)
		ibmvmc_release_buffer(hmc, buffer);
	ibmvmc_initial_arrived(hmc);
	*status = VMC_STATUS_SUCCESS;
	return 0;
}

/**
 * ibmvmc_add_buffer() - process an Add Buffer (vmc-facts 2.5, 3.1 step 6, 3.2)
 * @adapter: the channel is ready
 * @crq: Add Buffer, a private copy
 *
 * On success the buffer is valid, with storage of MTU bytes, and owned as the
 * message says. A buffer of that number is forgotten if it was added for some
 * other session, and not for none.
 *
 * Return: 0; else it was answered with a failure: -ENOENT (no such index),
 * -ESTALE (another session), -EPROTO (undefined owner), -EINVAL (number out of
 * range), -EEXIST (number in use), -ENOMEM.
 */
int ibmvmc_add_buffer(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *crq)
{
	struct vmc_interface message;
	u8 status;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (rc == -EBADMSG)
		return rc;
	if (rc)
		status = VMC_STATUS_INTERFACE_FAILURE;
	else
		rc = ibmvmc_accept_buffer(adapter, &message, &status);

	ibmvmc_send_add_buffer_resp(adapter, status, message.session,
				    message.index, message.buffer_id);
	if (rc)
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
	else
		ibmvmc_waiting_serve(ibmvmc_hmc_at(adapter, message.index));
	return rc;
}

/**
 * ibmvmc_send_rem_buffer_resp() - answer a Remove Buffer (vmc-facts 2.3, 2.4)
 * @adapter: the channel is ready
 * @status: VMC_STATUS_ value
 * @hmc_session: HMC session, as in the request
 * @hmc_index: HMC index, as in the request
 * @buffer_id: the buffer that was chosen, or VMC_BUFFER_NONE
 *
 * Return: 0 if it is sent or queued; -ENOTCONN, -EIO (the channel will be reset
 * when the present call ends).
 */
static int ibmvmc_send_rem_buffer_resp(struct crq_server_adapter *adapter,
				       u8 status, u8 hmc_session, u8 hmc_index,
				       u16 buffer_id)
{
	return ibmvmc_send_buffer_resp(adapter, VMC_MSG_REMOVE_BUFFER_RESP,
				       status, hmc_session, hmc_index,
				       buffer_id);
}

/*
 * The one to give back: the free one with the highest number, because an Open
 * takes the lowest; NULL if it is the last that is free.
 */
static struct ibmvmc_buffer *
ibmvmc_spare_buffer(struct crq_server_adapter *adapter, struct ibmvmc_hmc *hmc)
{
	struct ibmvmc_buffer *spare = NULL;
	unsigned int free = 0;
	unsigned int i;

	for (i = 0; i < adapter->pool; i++) {
		struct ibmvmc_buffer *buffer = &hmc->buffers[i];

		if (!buffer->storage || !buffer->free ||
		    buffer->owner != VMC_OWNER_PARTITION)
			continue;
		free++;
		spare = buffer;
	}
	return free > 1 ? spare : NULL;
}

/**
 * ibmvmc_rem_buffer() - process a Remove Buffer (vmc-facts 3.5)
 * @adapter: the channel is ready
 * @crq: Remove Buffer, a private copy
 *
 * Gives a buffer back that is valid, ours and free; its storage is released
 * before the answer goes out. The last one of that kind stays, so that a
 * message can still be sent (one with an unread message in it does not count);
 * on a free slot that is the initial buffer, without which it could not be
 * opened.
 *
 * Return: 0; else it was answered with a failure: -ENOENT (no such index),
 * -ESTALE (another session), -ENOBUFS (none to spare).
 */
int ibmvmc_rem_buffer(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *crq)
{
	u16 buffer_id = VMC_BUFFER_NONE;
	u8 status = VMC_STATUS_SUCCESS;
	struct vmc_interface message;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (rc)
		return rc;
	rc = ibmvmc_validate_hmc_session(adapter, &message);
	if (rc) {
		status = ibmvmc_refuse_status(rc);
		goto answer;
	}

	hmc = ibmvmc_hmc_at(adapter, message.index);
	buffer = ibmvmc_spare_buffer(adapter, hmc);
	if (!buffer) {
		rc = -ENOBUFS;
		status = VMC_STATUS_NO_BUFFER;
		goto answer;
	}
	buffer_id = buffer->id;
	ibmvmc_free_hmc_buffer(hmc, buffer);

answer:
	ibmvmc_send_rem_buffer_resp(adapter, status, message.session,
				    message.index, buffer_id);
	if (rc)
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
	return rc;
}
