// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signal, both directions.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "file-session.h"
#include "hmc.h"
#include "report.h"
#include "send.h"
#include "signal.h"
#include "storage.h"
#include "vmc/message.h"
#include "window.h"

int ibmvmc_send_msg(struct crq_server_adapter *adapter,
		    struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc,
		    u32 msg_len)
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

	rc = ibmvmc_storage_copy(adapter, IBMVMC_RDMA_TO_HYPERVISOR, buffer,
				 msg_len);
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

/* The buffer that a Signal may hand over to us. */
static int ibmvmc_signalled_buffer(struct crq_server_adapter *adapter,
				   const struct vmc_interface *message,
				   struct ibmvmc_buffer **result)
{
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_hmc_session(adapter, message);
	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, message->index);
	if (message->buffer_id >= adapter->pool)
		return -EINVAL;
	buffer = &hmc->buffers[message->buffer_id];
	if (!buffer->storage)
		return -EINVAL;
	/* What a pending Open names comes back by its response only. */
	if (buffer->owner != VMC_OWNER_HYPERVISOR || buffer == hmc->open_buffer)
		return -EPROTO;
	*result = buffer;
	return 0;
}

int ibmvmc_recv_msg(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *crq)
{
	struct vmc_interface message;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (!rc)
		rc = ibmvmc_signalled_buffer(adapter, &message, &buffer);
	if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
		return rc;
	}

	hmc = ibmvmc_hmc_at(adapter, message.index);
	if (message.word > buffer->storage->size)
		rc = -EMSGSIZE;
	else if (message.word)
		rc = ibmvmc_storage_copy(adapter, IBMVMC_RDMA_FROM_HYPERVISOR,
					 buffer, message.word);
	if (rc) {
		ibmvmc_report(adapter, IBMVMC_EVENT_MESSAGE_LOST, hmc->index,
			      message.word, rc);
		ibmvmc_release_buffer(hmc, buffer);
		hmc->file_session->lost++;
		ibmvmc_session_wake(hmc->file_session);
	} else {
		buffer->owner = VMC_OWNER_PARTITION;
		buffer->storage->len = message.word;
		ibmvmc_session_deliver(hmc->file_session, buffer->storage);
	}
	ibmvmc_window_consumed(adapter, buffer->number);
	return rc;
}
