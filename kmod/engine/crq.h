/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of an entry that was taken out of our queue: the dispatch, from
 * its header byte to the function that processes it. Each of these gets a
 * private copy.
 */
#ifndef IBMVMC_CRQ_H
#define IBMVMC_CRQ_H

struct crq_server_adapter;
struct ibmvmc_crq_msg;

/**
 * ibmvmc_handle_crq() - handle one entry (vmc-facts 1.2)
 * @crq: the entry, a private copy
 * @adapter: started
 *
 * During a reset of our own, and with a header that is reserved, it is dropped.
 */
void ibmvmc_handle_crq(const struct ibmvmc_crq_msg *crq,
		       struct crq_server_adapter *adapter);

/**
 * ibmvmc_handle_crq_init() - handle Initialize or its response (vmc-facts 1.3,
 * 3.1)
 * @crq: header 0xC0, a private copy
 * @adapter: started
 *
 * The first Initialize is answered in any state; it, or Initialization
 * Complete, whichever comes first, begins the capabilities exchange. A second
 * Initialize, or one after an HMC interface message, tells that the partner
 * began anew: every session dies with -ECONNRESET, and the exchange is
 * repeated. It also revives a channel that has failed.
 */
void ibmvmc_handle_crq_init(const struct ibmvmc_crq_msg *crq,
			    struct crq_server_adapter *adapter);

/**
 * ibmvmc_handle_crq_event() - handle a transport event (vmc-facts 1.4)
 * @crq: header 0xFF, a private copy
 * @adapter: started
 *
 * Sessions and buffers are gone; our registration stays, also after a failure
 * of the partner. After a migration the queue has to be enabled first.
 */
void ibmvmc_handle_crq_event(const struct ibmvmc_crq_msg *crq,
			     struct crq_server_adapter *adapter);

/**
 * ibmvmc_crq_process() - process a VMC message by its type (vmc-facts 2.1)
 * @adapter: started
 * @crq: header 0x80, a private copy
 *
 * A message for an HMC index is dropped unless the channel is ready, and one
 * that only we may send always.
 */
void ibmvmc_crq_process(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *crq);

/**
 * ibmvmc_drain() - handle what is in the queue now
 * @adapter: started
 * @budget: handle at most this many entries
 *
 * Return: what is left of the budget.
 */
unsigned int ibmvmc_drain(struct crq_server_adapter *adapter,
			  unsigned int budget);

/**
 * ibmvmc_was_reset() - has the channel been reset, unheard of so far?
 * @adapter: started; as for ibmvmc_settle()
 *
 * For a call of the hypervisor that has failed: a window that was torn down is
 * told by an event, which may wait in the queue. Handles what waits there.
 *
 * Return: whether it was a reset.
 */
bool ibmvmc_was_reset(struct crq_server_adapter *adapter);

#endif
