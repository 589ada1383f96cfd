/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remove Buffer: the hypervisor wants a buffer of an HMC index back, and we
 * choose which. Each request is answered, also one that is refused.
 */
#ifndef IBMVMC_REM_BUFFER_H
#define IBMVMC_REM_BUFFER_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_crq_msg;

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
		      const struct ibmvmc_crq_msg *crq);

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
int ibmvmc_send_rem_buffer_resp(struct crq_server_adapter *adapter, u8 status,
				u8 hmc_session, u8 hmc_index, u16 buffer_id);

#endif
