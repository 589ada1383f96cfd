/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one timer of an adapter: it stands at the earliest of all deadlines, of
 * the channel, of each slot, and of each session that waits.
 */
#ifndef IBMVMC_TIMER_H
#define IBMVMC_TIMER_H

#include <linux/types.h>

struct crq_server_adapter;

/**
 * ibmvmc_now() - the host's clock
 * @adapter: any
 *
 * Return: milliseconds.
 */
u64 ibmvmc_now(const struct crq_server_adapter *adapter);

/**
 * ibmvmc_finish() - end a call of the host
 * @adapter: any
 *
 * Makes a reset that was noted, and sets the timer. Every function of engine.h
 * that can change something ends with it.
 */
void ibmvmc_finish(struct crq_server_adapter *adapter);

#endif
