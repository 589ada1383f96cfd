/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receiving end of a CRQ: a ring of entries that the partner fills and we
 * empty. It knows nothing of what an entry means.
 */
#ifndef IBMVMC_QUEUE_H
#define IBMVMC_QUEUE_H

#include <linux/types.h>

#include "vmc/crq.h"

/**
 * struct crq_queue - our queue
 * @msgs: the ring; the partner writes it whenever it likes
 * @size: entries of @msgs, a power of two
 * @cur: the entry to be looked at next
 * @entry: the private copy that crq_queue_next_crq() returns
 */
struct crq_queue {
	struct ibmvmc_crq_msg *msgs;
	u32 size;
	u32 cur;
	struct ibmvmc_crq_msg entry;
};

/**
 * crq_queue_init() - set a queue up over its memory
 * @queue: filled completely
 * @ring: @entries of 16 bytes; the caller's, must outlive the queue
 * @entries: a power of two
 */
void crq_queue_init(struct crq_queue *queue, struct ibmvmc_crq_msg *ring,
		    u32 entries);

/**
 * crq_queue_clear() - make every entry free and begin at the first
 * @queue: not registered with the hypervisor now
 */
void crq_queue_clear(struct crq_queue *queue);

/**
 * crq_queue_pending() - is there an entry to be taken
 * @queue: any
 *
 * Return: true if bit 0x80 of the next entry's header is set (vmc-facts 1.2).
 */
bool crq_queue_pending(const struct crq_queue *queue);

/**
 * crq_queue_next_crq() - take the next entry out of the queue
 * @queue: any
 *
 * The header is tested before the rest is read, and the place is given back to
 * the partner only after all of the entry was read (vmc-facts 1.1).
 *
 * Return: a copy of the entry that the partner cannot reach, valid until the
 * next call, or NULL if there is none.
 */
struct ibmvmc_crq_msg *crq_queue_next_crq(struct crq_queue *queue);

#endif
