/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a channel, of either side's doing, and the way back up to the
 * point where bring-up begins (vmc-facts 3.7). Whoever finds the channel
 * broken only notes it; the reset is made when the present call has unwound,
 * so that nobody's objects vanish under him.
 */
#ifndef IBMVMC_RESET_H
#define IBMVMC_RESET_H

#include <linux/types.h>

struct crq_server_adapter;

/**
 * ibmvmc_partner_gone() - note that there is no partner any more
 * @adapter: any
 *
 * For a send or a copy that told so, without a transport event.
 */
void ibmvmc_partner_gone(struct crq_server_adapter *adapter);

/**
 * ibmvmc_channel_broken() - note that the channel needs a reset of our own
 * @adapter: any
 * @error: why, for the report
 */
void ibmvmc_channel_broken(struct crq_server_adapter *adapter, int error);

/**
 * ibmvmc_forget_peer() - forget what was agreed upon with the partner, and what
 * was to be sent to it
 * @adapter: without a session
 */
void ibmvmc_forget_peer(struct crq_server_adapter *adapter);

/**
 * ibmvmc_settle() - make the reset that was noted, if there is one
 * @adapter: any; no caller up the stack may hold on to a slot, a buffer or a
 *	session
 *
 * If the partner is gone, what waits in the queue is handled first: the
 * transport event that says why may be there, and then makes the reset.
 */
void ibmvmc_settle(struct crq_server_adapter *adapter);

/**
 * ibmvmc_reset() - close all HMC sessions, and perhaps schedule a CRQ reset
 * (vmc-facts 3.7)
 * @adapter: started
 * @xport_event: true: the partner is gone; our queue stays registered, and its
 *	Initialize is waited for; a queue that is still to be enabled is enabled
 *	first. False: the timer will free the queue and register it again, at
 *	most IBMVMC_SELF_RESETS times without the channel becoming usable; then
 *	the channel has failed
 *
 * A failed channel with a working queue and interrupts waits for the partner's
 * Initialize or a transport event. If these do not work, or the partner gave no
 * buffer, the timer registers the queue again every IBMVMC_REVIVE_MS. In each
 * case ibmvmc_restart() starts the channel again, too.
 *
 * Every session dies with -ECONNRESET, every buffer of every index is
 * forgotten. No hypervisor is called here.
 */
void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event);

/**
 * ibmvmc_reset_task() - go on with a reset of our own
 * @adapter: in state SCHED_RESET, or FAILED without a queue that works, and its
 *	time has come
 *
 * Frees the queue, registers it and begins bring-up, or sets the time to come
 * again. After IBMVMC_FREE_TOTAL_MS or IBMVMC_REGISTER_TRIES in vain the
 * channel has failed, and the time to come again is IBMVMC_REVIVE_MS.
 */
void ibmvmc_reset_task(struct crq_server_adapter *adapter);

/**
 * ibmvmc_enable_queue() - a migration has disabled the queue: enable it again
 * @adapter: in state CRQINIT
 *
 * The timer does it.
 */
void ibmvmc_enable_queue(struct crq_server_adapter *adapter);

/**
 * ibmvmc_enable_step() - go on with that
 * @adapter: in state CRQINIT and enabling, and its time has come
 *
 * Begins bring-up, or sets the time to come again. If the queue cannot be
 * enabled within IBMVMC_ENABLE_TOTAL_MS, only a new registration can help.
 */
void ibmvmc_enable_step(struct crq_server_adapter *adapter);

#endif
