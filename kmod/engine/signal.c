// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signal: sends and receives messages. It passes a message and its buffer to
 * the other side; no response is expected.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "internal.h"
#include "vmc/message.h"

/**
 * ibmvmc_send_msg() - send a message in a buffer
 * @adapter: adapter whose channel is ready
 * @buffer: buffer from ibmvmc_get_free_hmc_buffer(); owned by the
 *	hypervisor on success, free again on failure
 * @hmc: connection of the buffer, in state READY
 * @data: @msg_len bytes
 * @msg_len: length in bytes, 1..MTU
 *
 * Return: 0; -EBUSY (the partner's queue is full or the window is closed;
 * writers are woken later); -ENOTCONN (the channel is reset when the present
 * call ends); -EIO.
 */
int ibmvmc_send_msg(struct crq_server_adapter *adapter,
		    struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc,
		    const void *data, u32 msg_len)
{
	struct vmc_interface message = {
		.type = VMC_MSG_SIGNAL,
		.session = hmc->session,
		.index = hmc->index,
		.buffer_id = buffer->id,
		.word = msg_len,
	};
	struct ibmvmc_crq_msg msg;
	int rc;

	rc = ibmvmc_storage_send(adapter, buffer, data, msg_len);
	if (rc)
		goto take_back;
	buffer->owner = VMC_OWNER_HYPERVISOR;
	vmc_interface_encode(&msg, &message);
	rc = ibmvmc_send_signal(adapter, &msg, &buffer->number);
	if (rc)
		goto take_back;
	return 0;

take_back:
	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	return rc;
}

/* Finds the buffer that a Signal passes to us. */
static int ibmvmc_signalled_buffer(struct crq_server_adapter *adapter,
				   const struct vmc_interface *request,
				   struct ibmvmc_buffer **result)
{
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_hmc_session(adapter, request);
	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, request->index);
	if (request->buffer_id >= adapter->negotiated.pool)
		return -EINVAL;
	buffer = &hmc->buffers[request->buffer_id];
	if (!buffer->storage)
		return -EINVAL;
	/* The Open Response alone returns the buffer of a pending Open. */
	if (buffer->owner != VMC_OWNER_HYPERVISOR || buffer == hmc->open_buffer)
		return -EPROTO;
	*result = buffer;
	return 0;
}

/**
 * ibmvmc_session_deliver() - queue a received message
 * @session: session, opening or ready
 * @message: storage with the message and its length; the session takes a
 *	reference
 */
static void ibmvmc_session_deliver(struct ibmvmc_file_session *session,
				   struct ibmvmc_storage *message)
{
	ibmvmc_storage_get(message);
	message->order = session->delivered++;
	list_add_tail(&message->node, &session->messages);
	session->queued++;
	ibmvmc_session_wake(session);
}

/**
 * ibmvmc_recv_msg() - process a Signal
 * @adapter: adapter whose channel is ready
 * @request: decoded Signal
 *
 * Copies and queues the message, and wakes the session's readers. An empty
 * message is queued without a copy. A message that is too long or cannot be
 * copied is reported as lost; its buffer is free.
 *
 * Return: 0, also for a lost message; otherwise the Signal is dropped: -ENOENT
 * (no such index), -ESTALE (another session), -EINVAL (no such buffer), -EPROTO
 * (the hypervisor does not own the buffer).
 */
int ibmvmc_recv_msg(struct crq_server_adapter *adapter,
		    const struct vmc_interface *request)
{
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_signalled_buffer(adapter, request, &buffer);
	if (rc)
		return rc;

	hmc = ibmvmc_hmc_at(adapter, request->index);
	if (request->word > buffer->storage->size)
		rc = -EMSGSIZE;
	else if (request->word)
		rc = ibmvmc_storage_receive(adapter, buffer, request->word);
	if (rc) {
		ibmvmc_report_lost(hmc, request->word, rc);
		ibmvmc_release_buffer(hmc, buffer);
		hmc->file_session->lost++;
		ibmvmc_session_wake(hmc->file_session);
	} else {
		buffer->owner = VMC_OWNER_PARTITION;
		buffer->storage->len = request->word;
		ibmvmc_session_deliver(hmc->file_session, buffer->storage);
	}
	ibmvmc_window_consumed(adapter, buffer->number);
	return 0;
}
