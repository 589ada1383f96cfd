/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface Close: the end of an HMC session, of our doing. The file session
 * is dead at once; only its slot goes on, until the hypervisor has answered.
 */
#ifndef IBMVMC_CLOSE_H
#define IBMVMC_CLOSE_H

struct crq_server_adapter;
struct ibmvmc_crq_msg;
struct ibmvmc_hmc;

/**
 * ibmvmc_close_hmc() - end a slot's session (vmc-facts 3.6)
 * @hmc: opening or ready; closing afterwards
 * @error: what its file session dies with, a negative errno, or 0
 *
 * The buffers' storage is released before Close is sent.
 */
void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error);

/**
 * ibmvmc_send_close() - Interface Close (vmc-facts 3.6)
 * @hmc: without file session and buffers; closing
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO (the time-out sends it again).
 */
int ibmvmc_send_close(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_close_tried() - a Close was sent, or failed to be: its time runs
 * @hmc: closing
 *
 * Before that, while it waits to be sent, there is no time-out.
 */
void ibmvmc_close_tried(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_process_close_resp() - process a Close Response (vmc-facts 3.6)
 * @crq: Close Response, a private copy
 * @adapter: the channel is ready
 *
 * It must answer the Close that is pending. The slot is free afterwards; it can
 * be opened when the hypervisor has added its initial buffer, which may have
 * arrived before (initial.h). The second failure in a row resets the channel.
 * Everything else is dropped.
 */
void ibmvmc_process_close_resp(const struct ibmvmc_crq_msg *crq,
			       struct crq_server_adapter *adapter);

/**
 * ibmvmc_close_timeout() - no Close Response in time
 * @hmc: closing
 *
 * Sends it at most IBMVMC_CLOSE_TRIES times; then the slot is free as after a
 * failure, but that one resets no channel: other sessions may be well.
 */
void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc);

#endif
