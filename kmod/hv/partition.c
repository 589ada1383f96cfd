// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The partition's queue: registered by it, filled by the simulated hypervisor.
 * The queue is memory of the partition's; the byte that makes an entry valid is
 * written last, and a slot is free again when the partition has cleared it.
 * What is put into the queue is other files' business.
 */
#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/log2.h>
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

/* The first entry that the partition has not taken. */
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
	/* Whoever sees the header must see the rest. */
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

void vmc_hv_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_crq_msg copy = *msg;
	struct vmc_hv_verdict verdict;
	unsigned int copies;

	copies = vmc_hv_fault_entry(hv, &copy, VMC_HV_FROM_HYPERVISOR,
				    hv->now_ms, &verdict);
	/* Without its valid bit it would be a free slot that hides the rest. */
	if (!(vmc_crq_header(&copy) & VMC_CRQ_VALID))
		return;
	while (copies-- && !vmc_hv_ring_full(hv))
		vmc_hv_ring_post(hv, &copy);
}

void vmc_hv_ring_event(struct vmc_hv *hv, u8 kind)
{
	struct vmc_hv_verdict verdict;
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_TRANSPORT, kind);
	if (!vmc_hv_fault_entry(hv, &msg, VMC_HV_FROM_HYPERVISOR, hv->now_ms,
				&verdict) ||
	    !(vmc_crq_header(&msg) & VMC_CRQ_VALID))
		return;
	if (!vmc_hv_ring_full(hv)) {
		vmc_hv_ring_post(hv, &msg);
	} else {
		/* Full: the event takes the place of the last entry. */
		WRITE_ONCE(slot(hv, hv->produced - 1)->bytes[0], VMC_CRQ_FREE);
		/* The partition must not take the old header for the new rest. */
		smp_wmb();
		write_slot(hv, hv->produced - 1, &msg);
	}
	hv->event = hv->produced - 1;
	hv->event_unseen = true;
}

bool vmc_hv_ring_outdated(struct vmc_hv *hv)
{
	if (hv->event_unseen && (s32)(oldest(hv) - hv->event) > 0)
		hv->event_unseen = false;
	return hv->event_unseen;
}

long vmc_hv_register_queue(struct vmc_hv *hv, struct ibmvmc_crq_msg *ring,
			   u32 entries)
{
	long answer = VMC_H_SUCCESS;

	if (!ring || entries < VMC_CRQ_ENTRIES_MIN || !is_power_of_2(entries))
		return VMC_H_PARAMETER;
	if (hv->ring)
		return VMC_H_RESOURCE;
	if (vmc_hv_fault_call(hv, VMC_HV_CALL_REG_CRQ, &answer) &&
	    answer != VMC_H_CLOSED)
		return answer;

	hv->ring = ring;
	hv->ring_entries = entries;
	hv->produced = 0;
	hv->consumed = 0;
	hv->interrupts = false;
	return hv->away ? VMC_H_CLOSED : answer;
}

static bool is_busy(long answer)
{
	return answer == VMC_H_BUSY || answer == VMC_H_IN_PROGRESS ||
	       (answer >= VMC_H_LONG_BUSY_1_MSEC &&
		answer <= VMC_H_LONG_BUSY_100_SEC);
}

long vmc_hv_free_queue(struct vmc_hv *hv)
{
	long answer;

	if (!hv->ring)
		return VMC_H_PARAMETER;
	if (vmc_hv_fault_call(hv, VMC_HV_CALL_FREE_CRQ, &answer)) {
		hv->freeing |= is_busy(answer);
		return answer;
	}

	hv->ring = NULL;
	hv->freeing = false;
	hv->interrupts = false;
	hv->disabled = false;
	hv->event_unseen = false;
	vmc_hv_protocol_restart(hv);
	return VMC_H_SUCCESS;
}

long vmc_hv_enable_queue(struct vmc_hv *hv)
{
	long answer;

	if (!hv->ring)
		return VMC_H_PARAMETER;
	if (vmc_hv_fault_call(hv, VMC_HV_CALL_ENABLE_CRQ, &answer))
		return answer;
	if (!hv->disabled)
		return VMC_H_SUCCESS;
	if (!hv->enabling) {
		hv->enabling = true;
		return VMC_H_IN_PROGRESS;
	}
	hv->disabled = false;
	hv->event_unseen = false;
	return VMC_H_SUCCESS;
}

long vmc_hv_set_interrupts(struct vmc_hv *hv, bool on)
{
	long answer;

	if (vmc_hv_fault_call(hv, VMC_HV_CALL_VIO_SIGNAL, &answer))
		return answer;
	hv->interrupts = on;
	return VMC_H_SUCCESS;
}
