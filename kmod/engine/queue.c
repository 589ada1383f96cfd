// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receive queue: takes entries out of a ring that the partner fills. It alone
 * orders our accesses to the ring against those of the partner. It does not
 * interpret entries.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "internal.h"

/**
 * crq_queue_init() - initialise a queue on its ring
 * @queue: queue, filled completely
 * @ring: ring of @entries entries; owned by the caller, must outlive the queue
 * @entries: number of entries, a power of two
 */
void crq_queue_init(struct crq_queue *queue, struct ibmvmc_crq_msg *ring,
		    u32 entries)
{
	memset(queue, 0, sizeof(*queue));
	queue->msgs = ring;
	queue->size = entries;
}

/**
 * crq_queue_clear() - free all entries and start at the first one
 * @queue: queue that is not registered with the hypervisor
 */
void crq_queue_clear(struct crq_queue *queue)
{
	memset(queue->msgs, 0, queue->size * sizeof(*queue->msgs));
	queue->cur = 0;
	/* The ring must be empty before its registration makes it visible. */
	dma_wmb();
}

/**
 * crq_queue_pending() - check for a received entry
 * @queue: queue
 *
 * Return: true if bit VMC_CRQ_VALID of the next entry's header is set
 * (docs/protocol.md, Entries).
 */
bool crq_queue_pending(const struct crq_queue *queue)
{
	return READ_ONCE(queue->msgs[queue->cur].bytes[0]) & VMC_CRQ_VALID;
}

/**
 * crq_queue_next_crq() - take the next entry out of the queue
 * @queue: queue
 *
 * Tests the header before it reads the rest, and frees the entry's place only
 * after it has copied the whole entry (docs/protocol.md, Entries).
 *
 * Return: a private copy of the entry, valid until the next call, or NULL if
 * the queue is empty.
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
	/*
	 * Use the header that was tested: the partner may overwrite the ring.
	 */
	queue->entry.bytes[0] = header;

	/*
	 * The partner may write the next entry only after this one was copied.
	 * A read barrier does not order reads against this store, and the
	 * partner is another processor even for a uniprocessor kernel. No test
	 * covers this order: it prevents a hardware race.
	 */
	virt_store_release(&slot->bytes[0], VMC_CRQ_FREE);
	/* Free the place before the partner sees anything that we send next. */
	dma_wmb();
	queue->cur = (queue->cur + 1) & (queue->size - 1);
	return &queue->entry;
}
