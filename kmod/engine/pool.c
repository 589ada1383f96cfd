// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffer pool: handles Add Buffer and Remove Buffer. Refused requests are
 * answered, too, because the hypervisor waits for the response. Buffers and
 * their memory are in buffer.c.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "internal.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_send_buffer_resp() - send an Add or Remove Buffer Response
 * @adapter: adapter whose channel is ready
 * @type: VMC_MSG_ADD_BUFFER_RESP or VMC_MSG_REMOVE_BUFFER_RESP
 * @status: VMC_STATUS_ value
 * @hmc_session: session number of the request
 * @hmc_index: HMC index of the request
 * @buffer_id: buffer number, or VMC_BUFFER_NONE
 *
 * Return: 0 if sent or queued; -ENOTCONN, -EIO (the channel is reset when the
 * present call ends).
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
 * ibmvmc_send_add_buffer_resp() - send an Add Buffer Response
 * @adapter: adapter whose channel is ready
 * @status: VMC_STATUS_ value
 * @hmc_session: session number of the request
 * @hmc_index: HMC index of the request
 * @buffer_id: buffer number of the request
 *
 * Return: as ibmvmc_send_buffer_resp().
 */
static int ibmvmc_send_add_buffer_resp(struct crq_server_adapter *adapter,
				       u8 status, u8 hmc_session, u8 hmc_index,
				       u16 buffer_id)
{
	return ibmvmc_send_buffer_resp(adapter, VMC_MSG_ADD_BUFFER_RESP, status,
				       hmc_session, hmc_index, buffer_id);
}

/*
 * A free connection accepts buffers of any session. If the hypervisor adds the
 * same number for another session, the earlier buffer no longer exists on its
 * side (docs/protocol.md, Add Buffer and Remove Buffer).
 */
static bool ibmvmc_superseded(const struct ibmvmc_hmc *hmc,
			      const struct ibmvmc_buffer *buffer, u8 session)
{
	return buffer->session != VMC_SESSION_NONE &&
	       buffer->session != session && buffer != hmc->open_buffer;
}

static int ibmvmc_accept_buffer(struct crq_server_adapter *adapter,
				const struct vmc_interface *request, u8 *status)
{
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_hmc_session(adapter, request);
	if (rc) {
		*status = ibmvmc_refuse_status(rc);
		return rc;
	}
	*status = VMC_STATUS_INVALID_BUFFER_ID;
	if (request->buffer_id >= adapter->negotiated.pool)
		return -EINVAL;
	hmc = ibmvmc_hmc_at(adapter, request->index);
	buffer = &hmc->buffers[request->buffer_id];
	if (buffer->storage) {
		if (!ibmvmc_superseded(hmc, buffer, request->session))
			return -EEXIST;
		ibmvmc_free_hmc_buffer(hmc, buffer);
	}

	*status = VMC_STATUS_INTERFACE_FAILURE;
	rc = ibmvmc_storage_new(adapter, buffer);
	if (rc) {
		/* The hypervisor does not repeat the request. */
		ibmvmc_await_initial(hmc);
		return -ENOMEM;
	}
	buffer->lioba = request->word;
	buffer->owner = request->owner;
	buffer->free = false;
	buffer->session = request->session;
	buffer->number = 0;
	if (buffer->owner == VMC_OWNER_PARTITION)
		ibmvmc_release_buffer(hmc, buffer);
	ibmvmc_initial_arrived(hmc);
	*status = VMC_STATUS_SUCCESS;
	return 0;
}

/**
 * ibmvmc_add_buffer() - process an Add Buffer
 * @adapter: adapter whose channel is ready
 * @request: decoded Add Buffer
 *
 * On success the buffer is valid, has MTU bytes of storage, and its owner is
 * that of the request. A valid buffer of the same number is invalidated first
 * if it was added for another session; one that was added without a session
 * stays.
 *
 * Return: 0; otherwise the response reported a failure: -ENOENT (no such
 * index), -ESTALE (another session), -EINVAL (number out of range), -EEXIST
 * (number in use), -ENOMEM.
 */
int ibmvmc_add_buffer(struct crq_server_adapter *adapter,
		      const struct vmc_interface *request)
{
	u8 status;
	int rc;

	rc = ibmvmc_accept_buffer(adapter, request, &status);
	ibmvmc_send_add_buffer_resp(adapter, status, request->session,
				    request->index, request->buffer_id);
	if (!rc)
		ibmvmc_waiting_serve(ibmvmc_hmc_at(adapter, request->index));
	return rc;
}

/**
 * ibmvmc_refuse_add_buffer() - refuse an Add Buffer with an undefined owner
 * @adapter: adapter whose channel is ready
 * @request: decoded Add Buffer, without the owner
 */
void ibmvmc_refuse_add_buffer(struct crq_server_adapter *adapter,
			      const struct vmc_interface *request)
{
	ibmvmc_send_add_buffer_resp(adapter, VMC_STATUS_INTERFACE_FAILURE,
				    request->session, request->index,
				    request->buffer_id);
}

/**
 * ibmvmc_send_rem_buffer_resp() - send a Remove Buffer Response
 * @adapter: adapter whose channel is ready
 * @status: VMC_STATUS_ value
 * @hmc_session: session number of the request
 * @hmc_index: HMC index of the request
 * @buffer_id: number of the removed buffer, or VMC_BUFFER_NONE
 *
 * Return: as ibmvmc_send_buffer_resp().
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
 * Returns the free buffer with the highest number, because an Open uses the
 * lowest; NULL if fewer than two are free.
 */
static struct ibmvmc_buffer *
ibmvmc_spare_buffer(struct crq_server_adapter *adapter, struct ibmvmc_hmc *hmc)
{
	struct ibmvmc_buffer *spare = NULL;
	unsigned int free = 0;
	unsigned int i;

	for (i = 0; i < adapter->negotiated.pool; i++) {
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
 * ibmvmc_rem_buffer() - process a Remove Buffer
 * @adapter: adapter whose channel is ready
 * @request: decoded Remove Buffer
 *
 * Removes a buffer that is valid, free and owned by the partition, and frees
 * its storage before the response is sent. The last such buffer stays: a
 * session could not send without it, and a free connection could not be opened.
 * A buffer with an unread message is not free.
 *
 * Return: 0; otherwise the response reported a failure: -ENOENT (no such
 * index), -ESTALE (another session), -ENOBUFS (no buffer can be removed).
 */
int ibmvmc_rem_buffer(struct crq_server_adapter *adapter,
		      const struct vmc_interface *request)
{
	u16 buffer_id = VMC_BUFFER_NONE;
	u8 status = VMC_STATUS_SUCCESS;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_hmc_session(adapter, request);
	if (rc) {
		status = ibmvmc_refuse_status(rc);
		goto answer;
	}

	hmc = ibmvmc_hmc_at(adapter, request->index);
	buffer = ibmvmc_spare_buffer(adapter, hmc);
	if (!buffer) {
		rc = -ENOBUFS;
		status = VMC_STATUS_NO_BUFFER;
		goto answer;
	}
	buffer_id = buffer->id;
	ibmvmc_free_hmc_buffer(hmc, buffer);

answer:
	ibmvmc_send_rem_buffer_resp(adapter, status, request->session,
				    request->index, buffer_id);
	return rc;
}
