// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypervisor calls: implements the calls by which a partition uses its queue,
 * sends entries, copies, and requests a device. It only queues a sent entry;
 * hv.c handles it in a later step.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/string.h>

#include "internal.h"

static bool connected(const struct vmc_hv *hv)
{
	return hv->ring && !hv->disabled && !hv->freeing && !hv->away;
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

long vmc_hv_send(struct vmc_hv *hv, u64 word1, u64 word2, u64 now_ms)
{
	struct vmc_hv_verdict verdict;
	struct ibmvmc_crq_msg msg;
	unsigned int copies;
	long answer;

	if (vmc_hv_fault_call(hv, VMC_HV_CALL_SEND_CRQ, &answer))
		return answer;
	vmc_crq_from_words(&msg, word1, word2);
	if (vmc_crq_header(&msg) != VMC_CRQ_MESSAGE &&
	    vmc_crq_header(&msg) != VMC_CRQ_INIT)
		return VMC_H_PARAMETER;
	if (!connected(hv))
		return VMC_H_CLOSED;
	if (vmc_hv_ring_outdated(hv))
		return VMC_H_SUCCESS;
	if (!vmc_hv_inbox_room(hv))
		return VMC_H_DROPPED;

	copies = vmc_hv_fault_entry(hv, &msg, VMC_HV_FROM_PARTITION, now_ms,
				    &verdict);
	while (copies-- && vmc_hv_inbox_room(hv))
		vmc_hv_inbox_add(hv, &msg, now_ms, verdict);
	return VMC_H_SUCCESS;
}

/*
 * Find the buffer for a copy. A fault rule may answer success without a buffer.
 * A wrong copy is not a violation while the partition cannot know yet that its
 * partner is gone or was replaced.
 */
static long find_buffer(struct vmc_hv *hv, u32 lioba, u32 len, long bad_address,
			u8 **data)
{
	long rc = VMC_H_SUCCESS;

	if (vmc_hv_fault_call(hv, VMC_HV_CALL_COPY_RDMA, &rc))
		return rc;
	if (!connected(hv))
		return VMC_H_PERMISSION;
	*data = vmc_hv_buffer_at(hv, lioba);
	if (!*data)
		rc = bad_address;
	else if (len > hv->mtu)
		rc = VMC_H_PARAMETER;
	if (rc && !hv->arriving && !vmc_hv_ring_outdated(hv))
		vmc_hv_violation(hv);
	return rc;
}

long vmc_hv_copy_in(struct vmc_hv *hv, u32 lioba, const void *from, u32 len)
{
	u8 *data = NULL;
	long rc = find_buffer(hv, lioba, len, VMC_H_DEST_PARM, &data);

	if (!rc && data)
		memcpy(data, from, len);
	return rc;
}

long vmc_hv_copy_out(struct vmc_hv *hv, u32 lioba, void *to, u32 len)
{
	u8 *data = NULL;
	long rc = find_buffer(hv, lioba, len, VMC_H_SOURCE_PARM, &data);

	if (!rc && data)
		memcpy(to, data, len);
	return rc;
}

long vmc_hv_lend(struct vmc_hv *hv, u32 lioba, u32 len, const void **data)
{
	u8 *found = NULL;
	long rc;

	*data = NULL;
	if (hv->unreliable)
		return VMC_H_SUCCESS;
	rc = find_buffer(hv, lioba, len, VMC_H_SOURCE_PARM, &found);
	if (!rc)
		*data = found;
	return rc;
}

long vmc_hv_request_vmc(struct vmc_hv *hv, u32 *drc_index)
{
	long answer;

	if (vmc_hv_fault_call(hv, VMC_HV_CALL_REQUEST_VMC, &answer))
		return answer;
	if (hv->refused[VMC_HV_REQUEST_VMC])
		return VMC_H_AUTHORITY;
	*drc_index = VMC_HV_DRC_INDEX;
	return VMC_H_SUCCESS;
}
