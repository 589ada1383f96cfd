/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Add Buffer: the hypervisor gives an HMC index a buffer more. Each request is
 * answered, also one that is refused, because the hypervisor waits for it.
 */
#ifndef IBMVMC_ADD_BUFFER_H
#define IBMVMC_ADD_BUFFER_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_crq_msg;

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
		      const struct ibmvmc_crq_msg *crq);

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
int ibmvmc_send_add_buffer_resp(struct crq_server_adapter *adapter, u8 status,
				u8 hmc_session, u8 hmc_index, u16 buffer_id);

#endif
