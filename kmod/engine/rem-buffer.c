// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Remove Buffer, and its response.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer-resp.h"
#include "buffer.h"
#include "hmc.h"
#include "rem-buffer.h"
#include "report.h"
#include "vmc/message.h"
#include "vmc/status.h"

int ibmvmc_send_rem_buffer_resp(struct crq_server_adapter *adapter, u8 status,
				u8 hmc_session, u8 hmc_index, u16 buffer_id)
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
