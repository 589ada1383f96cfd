/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sending end: one way out for every CRQ entry. The result of each sending
 * is looked at here. A control entry (anything but a Signal) that finds the
 * partner's queue full waits in a bounded list and is sent later, in order.
 */
#ifndef IBMVMC_SEND_H
#define IBMVMC_SEND_H

#include <linux/types.h>

#include "vmc/crq.h"

struct crq_server_adapter;
struct ibmvmc_hmc;

/**
 * ibmvmc_send_now() - send an entry, or fail
 * @adapter: started
 * @msg: the entry
 *
 * The caller handles every failure. For Initialize, whose failure is normal,
 * and as the step below the other two.
 *
 * Return: 0, -EAGAIN (the partner's queue is full), -ENOTCONN (no partner),
 * -EIO.
 */
int ibmvmc_send_now(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *msg);

/**
 * ibmvmc_send_signal() - send a Signal, or fail
 * @adapter: the channel is ready
 * @msg: the entry
 * @number: set on success: the number of the request (window.h)
 *
 * Return: 0; -EBUSY if the partner's queue is full or the window is closed
 * (writers will be woken); -ENOTCONN (the channel will be reset when the
 * present call ends); -EIO.
 */
int ibmvmc_send_signal(struct crq_server_adapter *adapter,
		       const struct ibmvmc_crq_msg *msg, u64 *number);

/**
 * ibmvmc_send_control() - send a control entry, now or as soon as it can be
 * @adapter: started
 * @msg: the entry; a request that waits already is not queued twice
 *
 * Open and Close keep to the window; responses do not, and pass requests that
 * wait for it. The time-out of a Close begins when it was sent, or failed to
 * be.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO, also if the list is full (then the channel
 * will be reset, too).
 */
int ibmvmc_send_control(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *msg);

/**
 * ibmvmc_send_vital() - send a control entry without which the channel hangs
 * @adapter: started
 * @msg: the entry
 *
 * As ibmvmc_send_control(), but every failure leads to a reset of the channel:
 * nobody would send the entry again, and the partner waits for it.
 */
int ibmvmc_send_vital(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *msg);

/**
 * ibmvmc_send_flush() - send of the waiting entries what can be sent now
 * @adapter: started
 */
void ibmvmc_send_flush(struct crq_server_adapter *adapter);

/**
 * ibmvmc_send_forget() - the waiting Open or Close of a slot is of no use
 * @hmc: whose latest session it is about
 */
void ibmvmc_send_forget(const struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_send_retry() - the time of pending.retry_at has come
 * @adapter: started
 */
void ibmvmc_send_retry(struct crq_server_adapter *adapter);

/**
 * ibmvmc_send_reset() - forget the waiting entries
 * @adapter: without a partner
 */
void ibmvmc_send_reset(struct crq_server_adapter *adapter);

#endif
