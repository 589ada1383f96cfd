// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The receiving end of a CRQ. What orders our reads and writes against those
 * of the partner is here and nowhere else.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "queue.h"

void crq_queue_init(struct crq_queue *queue, struct ibmvmc_crq_msg *ring,
		    u32 entries)
{
	memset(queue, 0, sizeof(*queue));
	queue->msgs = ring;
	queue->size = entries;
}

void crq_queue_clear(struct crq_queue *queue)
{
	memset(queue->msgs, 0, queue->size * sizeof(*queue->msgs));
	queue->cur = 0;
	/* The ring must be empty before a registration shows it to anybody. */
	dma_wmb();
}

bool crq_queue_pending(const struct crq_queue *queue)
{
	return READ_ONCE(queue->msgs[queue->cur].bytes[0]) & VMC_CRQ_VALID;
}

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
