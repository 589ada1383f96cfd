// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receive queue: takes entries out of a ring that the partner fills. The order of
 * our accesses to the ring against those of the partner is decided here alone. It
 * does not know what an entry means.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "internal.h"

/**
 * crq_queue_init() - set a queue up over its memory
 * @queue: filled completely
 * @ring: @entries of 16 bytes; the caller's, must outlive the queue
 * @entries: a power of two
 */
void crq_queue_init(struct crq_queue *queue, struct ibmvmc_crq_msg *ring,
		    u32 entries)
{
	memset(queue, 0, sizeof(*queue));
	queue->msgs = ring;
	queue->size = entries;
}

/**
 * crq_queue_clear() - make every entry free and begin at the first
 * @queue: not registered with the hypervisor now
 */
void crq_queue_clear(struct crq_queue *queue)
{
	memset(queue->msgs, 0, queue->size * sizeof(*queue->msgs));
	queue->cur = 0;
	/* The ring must be empty before a registration shows it to anybody. */
	dma_wmb();
}

/**
 * crq_queue_pending() - is there an entry to be taken
 * @queue: any
 *
 * Return: true if bit 0x80 of the next entry's header is set (vmc-facts 1.2).
 */
bool crq_queue_pending(const struct crq_queue *queue)
{
	return READ_ONCE(queue->msgs[queue->cur].bytes[0]) & VMC_CRQ_VALID;
}

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
struct ibmvmc_crq_msg *crq_queue_next_crq(struct crq_queue *queue)
{
	struct ibmvmc_crq_msg *slot = &queue->msgs[queue->cur];
	u8 header = READ_ONCE(slot->bytes[0]);

	if (!(header & VMC_CRQ_VALID))
		return NULL;

	/* The partner stores the header last: read it first, then the rest. */
	dma_rmb();
	memcpy(&queue->entry, slot, sizeof(queue->entry));
	/* What was tested is what is used, whatever the partner does now. */
	queue->entry.bytes[0] = header;

	/*
	 * All of the entry is read before the partner may write the next one
	 * there. A read barrier does not order reads against this store, and
	 * the partner is another processor even to a kernel for only one. No
	 * test can see it: what the order prevents is a race of hardware.
	 */
	virt_store_release(&slot->bytes[0], VMC_CRQ_FREE);
	/* The place is free before we tell the partner of anything else. */
	dma_wmb();
	queue->cur = (queue->cur + 1) & (queue->size - 1);
	return &queue->entry;
}
