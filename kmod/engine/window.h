/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow control: at most half of the partner's queue may hold requests of ours
 * (vmc-facts 1.6). The other half is for our responses.
 *
 * Nothing acknowledges an entry as such, but the partner takes entries in
 * order. So each request gets a number, the buffer or slot it was about
 * remembers it, and when that buffer comes back, or the response, everything
 * up to the number has been taken. One place stays reserved for Open and
 * Close.
 *
 * An Open or a Close that is sent again takes a place, but no number: the
 * place is given back with the answer, whichever of them it was for (the other
 * may stay in the partner's queue a moment longer).
 *
 * A message need not be answered, so what was taken may never be told. A
 * window that stays closed for IBMVMC_WINDOW_MS without news forgets its
 * oldest entry, which makes room for one more; the first answer after that
 * makes up for all. A partner that takes nothing thus sees half of its queue
 * filled at once, and more only at one entry in each IBMVMC_WINDOW_MS, until
 * it is full and the transport says so.
 */
#ifndef IBMVMC_WINDOW_H
#define IBMVMC_WINDOW_H

#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_hmc;

/**
 * ibmvmc_window_reset() - forget everything: the partner's queue is empty
 * @adapter: without a session; each slot was forgotten
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
 * ibmvmc_window_repeated() - the pending Open or Close was sent again
 * @hmc: opening or closing
 */
void ibmvmc_window_repeated(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_window_forget() - no answer to what was sent again is expected
 * @hmc: any
 *
 * Its places are free; nobody is told of it.
 */
void ibmvmc_window_forget(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_window_consumed() - the partner has taken a request
 * @adapter: the channel is ready
 * @number: from ibmvmc_window_sent(); 0 and numbers of the past do nothing
 *
 * Control entries that waited for it are sent, and writers are woken.
 */
void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number);

/**
 * ibmvmc_window_answered() - the partner has answered an Open or a Close
 * @hmc: whose it was
 *
 * As ibmvmc_window_consumed() for its number, and for what was sent again.
 */
void ibmvmc_window_answered(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_window_timeout() - the time of window_deadline has come
 * @adapter: the channel is ready
 *
 * Forgets the oldest entry, as if it had been taken.
 */
void ibmvmc_window_timeout(struct crq_server_adapter *adapter);

#endif
