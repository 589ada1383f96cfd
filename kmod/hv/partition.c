// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queues: accesses the partition's ring, the inbox of arrived entries, and the
 * outbox of immediate responses. It does not interpret entries.
 *
 * The ring is memory of the partition. The byte that makes an entry valid is
 * written last, and a slot is free once the partition has cleared that byte.
 */
#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

static struct ibmvmc_crq_msg *slot(const struct vmc_hv *hv, u32 number)
{
	return &hv->ring[number & (hv->ring_entries - 1)];
}

static bool slot_occupied(const struct vmc_hv *hv, u32 number)
{
	return READ_ONCE(slot(hv, number)->bytes[0]) != VMC_CRQ_FREE;
}

/* Returns the number of the oldest entry that the partition has not taken. */
static u32 oldest(const struct vmc_hv *hv)
{
	u32 number = hv->consumed;

	while (number != hv->produced && !slot_occupied(hv, number))
		number++;
	return number;
}

bool vmc_hv_ring_full(const struct vmc_hv *hv)
{
	return slot_occupied(hv, hv->produced);
}

bool vmc_hv_ring_room(const struct vmc_hv *hv)
{
	return hv->produced - oldest(hv) < hv->ring_entries / 2 &&
	       !vmc_hv_ring_full(hv);
}

static void write_slot(struct vmc_hv *hv, u32 number,
		       const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_crq_msg *to = slot(hv, number);

	memcpy(to->bytes + 1, msg->bytes + 1, VMC_CRQ_ENTRY_LEN - 1);
	/* A reader that sees the header must see the rest. */
	smp_wmb();
	WRITE_ONCE(to->bytes[0], msg->bytes[0]);

	hv->stats.sent++;
	if (hv->interrupts)
		hv->host->interrupt(hv->host_data);
}

void vmc_hv_ring_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	hv->consumed = oldest(hv);
	write_slot(hv, hv->produced++, msg);
}

void vmc_hv_ring_force(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	if (!vmc_hv_ring_full(hv)) {
		vmc_hv_ring_post(hv, msg);
		return;
	}
	WRITE_ONCE(slot(hv, hv->produced - 1)->bytes[0], VMC_CRQ_FREE);
	/* The partition must not read the old header with the new rest. */
	smp_wmb();
	write_slot(hv, hv->produced - 1, msg);
}

bool vmc_hv_ring_outdated(struct vmc_hv *hv)
{
	if (hv->event_unseen && (s32)(oldest(hv) - hv->event) > 0)
		hv->event_unseen = false;
	return hv->event_unseen;
}

bool vmc_hv_inbox_room(const struct vmc_hv *hv)
{
	return hv->inbox_count < hv->config.crq_entries;
}

void vmc_hv_inbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg,
		      u64 now_ms, struct vmc_hv_verdict verdict)
{
	u32 last = (hv->inbox_head + hv->inbox_count) % hv->config.crq_entries;

	hv->inbox[last].msg = *msg;
	hv->inbox[last].at_ms = now_ms;
	hv->inbox[last].verdict = verdict;
	hv->inbox_count++;
	hv->stats.queue_high = max(hv->stats.queue_high, hv->inbox_count);
}

void vmc_hv_outbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	u32 last = (hv->outbox_head + hv->outbox_count) % VMC_HV_OUTBOX;

	hv->outbox[last] = *msg;
	hv->outbox_count++;
}

void vmc_hv_outbox_init(struct vmc_hv *hv, u8 type)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, type);
	vmc_hv_outbox_add(hv, &msg);
}

void vmc_hv_outbox_answer(struct vmc_hv *hv,
			  const struct vmc_interface *request, u16 buffer_id,
			  u8 status)
{
	struct vmc_interface answer = {
		.type = request->type | VMC_MSG_RESPONSE,
		.status = status,
		.session = request->session,
		.index = request->index,
		.buffer_id = buffer_id,
	};
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, &answer);
	vmc_hv_outbox_add(hv, &msg);
}
