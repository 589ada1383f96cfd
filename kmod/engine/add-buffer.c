// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Add Buffer, and its response.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "add-buffer.h"
#include "buffer-resp.h"
#include "buffer.h"
#include "hmc.h"
#include "initial.h"
#include "report.h"
#include "storage.h"
#include "vmc/message.h"
#include "vmc/status.h"

int ibmvmc_send_add_buffer_resp(struct crq_server_adapter *adapter, u8 status,
				u8 hmc_session, u8 hmc_index, u16 buffer_id)
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
