// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The answer to Add Buffer and to Remove Buffer.
 */
#include <linux/types.h>

#include "adapter.h"
#include "buffer-resp.h"
#include "send.h"
#include "vmc/message.h"

int ibmvmc_send_buffer_resp(struct crq_server_adapter *adapter, u8 type,
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
