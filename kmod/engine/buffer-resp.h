/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answer to Add Buffer and to Remove Buffer, which differ in their type
 * only.
 */
#ifndef IBMVMC_BUFFER_RESP_H
#define IBMVMC_BUFFER_RESP_H

#include <linux/types.h>

struct crq_server_adapter;

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
int ibmvmc_send_buffer_resp(struct crq_server_adapter *adapter, u8 type,
			    u8 status, u8 hmc_session, u8 hmc_index,
			    u16 buffer_id);

#endif
