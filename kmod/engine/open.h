/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface Open: a file session gets an HMC session, or learns why not.
 */
#ifndef IBMVMC_OPEN_H
#define IBMVMC_OPEN_H

struct crq_server_adapter;
struct ibmvmc_buffer;
struct ibmvmc_crq_msg;
struct ibmvmc_file_session;
struct ibmvmc_hmc;

/**
 * ibmvmc_open_session() - reserve a slot and send Open (vmc-facts 3.2)
 * @session: new or waiting, with its HMC ID set
 * @give_up: time at which an Open without a response has failed
 *
 * On success the session is opening.
 *
 * Return: 0; else nothing has changed: what ibmvmc_setup_hmc() returned;
 * -EAGAIN (the partner is gone); -EIO (the copy or the sending failed).
 */
int ibmvmc_open_session(struct ibmvmc_file_session *session, u64 give_up);

/**
 * ibmvmc_send_open() - Interface Open (vmc-facts 3.2, steps 2 and 3)
 * @buffer: valid, ours, free; the hypervisor's until the response
 * @hmc: initial, with its file session; opening afterwards
 *
 * Copies the 32 bytes of the HMC ID, and no more, to the hypervisor, takes the
 * slot's next session number and sends Open.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO. After a failure buffer and slot are as before,
 * but for the session number.
 */
int ibmvmc_send_open(struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_process_open_resp() - process an Open Response (vmc-facts 3.2, step 5)
 * @crq: Open Response, a private copy
 * @adapter: the channel is ready
 *
 * It must answer the Open that was sent: index, session and buffer. Success
 * makes the session ready. A refusal ends it with -ECONNREFUSED; the initial
 * buffer is ours again, so that the slot can be opened once more. Everything
 * else is dropped.
 */
void ibmvmc_process_open_resp(const struct ibmvmc_crq_msg *crq,
			      struct crq_server_adapter *adapter);

/**
 * ibmvmc_open_timeout() - no Open Response in time
 * @hmc: opening
 *
 * Once, the same Open is sent again. At the end the session dies with
 * -ETIMEDOUT and a Close is sent.
 */
void ibmvmc_open_timeout(struct ibmvmc_hmc *hmc);

#endif
