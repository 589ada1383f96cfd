/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel as a whole: its state, and bring-up from a registration to the
 * first sign of life of the partner (vmc-facts 3.1, steps 1 to 4).
 */
#ifndef IBMVMC_CHANNEL_H
#define IBMVMC_CHANNEL_H

#include "engine.h"

/**
 * ibmvmc_set_state() - change the channel's state, and report it
 * @adapter: any
 * @state: the new one
 */
void ibmvmc_set_state(struct crq_server_adapter *adapter,
		      enum ibmvmc_state state);

/**
 * ibmvmc_register_queue() - empty the queue and show it to the hypervisor
 * @adapter: not registered
 *
 * Return: 0; -EEXIST (registered before, by somebody: free it first);
 * -EIO, -ENOMEM.
 */
int ibmvmc_register_queue(struct crq_server_adapter *adapter);

/**
 * ibmvmc_listen() - let the hypervisor interrupt from now on
 * @adapter: registered
 *
 * What came before raises no interrupt: look at the queue afterwards. A channel
 * that cannot hear is broken.
 *
 * Return: 0 or -EIO.
 */
int ibmvmc_listen(struct crq_server_adapter *adapter);

/**
 * ibmvmc_bring_up() - let the partner know of us
 * @adapter: registered, its queue enabled; interrupts are off
 *
 * State CRQINIT before interrupts are on; then what had arrived is handled,
 * and if the partner has not come by itself, Initialize is sent.
 */
void ibmvmc_bring_up(struct crq_server_adapter *adapter);

/**
 * ibmvmc_init_timeout() - no sign of life of the partner
 * @adapter: in state CRQINIT
 *
 * Sends Initialize again, each time after twice the time, up to
 * IBMVMC_INIT_MS_MAX. The first IBMVMC_INIT_TRIES without an answer are
 * reported.
 */
void ibmvmc_init_timeout(struct crq_server_adapter *adapter);

#endif
