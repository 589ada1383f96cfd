/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capabilities exchange: what each side can do, and the least of both
 * (vmc-facts 2.2). It begins when the queues know of each other and ends with
 * a channel that is ready, or has failed.
 */
#ifndef IBMVMC_CAPABILITIES_H
#define IBMVMC_CAPABILITIES_H

struct crq_server_adapter;
struct ibmvmc_crq_msg;

/**
 * ibmvmc_send_capabilities() - begin the exchange (vmc-facts 3.1, step 4)
 * @adapter: the queues know of each other; state CAPABILITIES afterwards
 *
 * HMC interface messages are dropped until the response has come.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN, -EIO (the channel will be reset
 * when the present call ends).
 */
int ibmvmc_send_capabilities(struct crq_server_adapter *adapter);

/**
 * ibmvmc_process_capabilities() - end the exchange (vmc-facts 3.1, step 5)
 * @adapter: any; the message is dropped unless one was asked for
 * @crqp: Capabilities Response, a private copy
 *
 * Channel state READY with the least of both sides, or FAILED if the partner
 * refuses our version, speaks another major one or offers less than is of use.
 * Any other failure changes nothing: the time-out asks again.
 */
void ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *crqp);

/**
 * ibmvmc_capabilities_timeout() - no response, or no good one, in time
 * @adapter: in state CAPABILITIES
 *
 * Sends again, each time after twice the time, at most
 * IBMVMC_CAPABILITIES_TRIES times in all; then the channel will be reset.
 */
void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter);

#endif
