/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal: a message and its buffer pass from one side to the other, either
 * way. There is no response.
 */
#ifndef IBMVMC_SIGNAL_H
#define IBMVMC_SIGNAL_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_buffer;
struct ibmvmc_crq_msg;
struct ibmvmc_hmc;

/**
 * ibmvmc_send_msg() - send the message in a buffer (vmc-facts 3.3)
 * @adapter: the channel is ready
 * @buffer: taken by ibmvmc_get_free_hmc_buffer() and filled; the hypervisor's
 *	on success, ours and free again after a failure
 * @hmc: whose buffer it is; ready
 * @msg_len: bytes, 1..MTU
 *
 * Return: 0; -EBUSY (the partner's queue is full or holds as many requests of
 * ours as it may; writers will be woken); -ENOTCONN (the channel will be reset
 * when the present call ends); -EIO.
 */
int ibmvmc_send_msg(struct crq_server_adapter *adapter,
		    struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc,
		    u32 msg_len);

/**
 * ibmvmc_recv_msg() - process a Signal of the hypervisor (vmc-facts 3.4)
 * @adapter: the channel is ready
 * @crq: Signal, a private copy
 *
 * The message is copied and queued, and the session's readers are woken. An
 * empty message is queued without a copy. A message that is too long or cannot
 * be copied is lost, but its buffer is ours and free.
 *
 * Return: 0; else nobody got a message: -ENOENT (no such index), -ESTALE
 * (another session), -EINVAL (no such buffer), -EPROTO (not the hypervisor's
 * to give), -EMSGSIZE, -ENOTCONN, -EIO.
 */
int ibmvmc_recv_msg(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *crq);

#endif
