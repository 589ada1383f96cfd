/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow control: at most half of the partner's queue may hold requests of ours
 * (vmc-facts 1.6). The other half is for our responses.
 *
 * Nothing acknowledges an entry as such, but the partner takes entries in
 * order. So each request gets a number, the buffer or slot it was about
 * remembers it, and when that buffer comes back, or the response, everything
 * up to the number has been taken. One place stays reserved for Open and
 * Close, whose responses are certain to come, so that messages which nobody
 * answers cannot close the window for good.
 */
#ifndef IBMVMC_WINDOW_H
#define IBMVMC_WINDOW_H

#include <linux/types.h>

struct crq_server_adapter;

/**
 * ibmvmc_window_reset() - forget everything: the partner's queue is empty
 * @adapter: without a session
 */
void ibmvmc_window_reset(struct crq_server_adapter *adapter);

/**
 * ibmvmc_window_signal() - may a Signal be sent now
 * @adapter: the channel is ready
 */
bool ibmvmc_window_signal(const struct crq_server_adapter *adapter);

/**
 * ibmvmc_window_request() - may an Open or a Close be sent now
 * @adapter: the channel is ready
 */
bool ibmvmc_window_request(const struct crq_server_adapter *adapter);

/**
 * ibmvmc_window_sent() - a request was sent
 * @adapter: the channel is ready
 *
 * Return: the request's number, never 0.
 */
u64 ibmvmc_window_sent(struct crq_server_adapter *adapter);

/**
 * ibmvmc_window_consumed() - the partner has taken a request
 * @adapter: the channel is ready
 * @number: from ibmvmc_window_sent(); 0 and numbers of the past do nothing
 *
 * Control entries that waited for it are sent, and writers are woken.
 */
void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number);

#endif
