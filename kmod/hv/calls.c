// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls a partition makes with an entry or a copy in hand. An entry is only
 * queued here; the copies are done at once, as H_COPY_RDMA does them.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

static bool connected(const struct vmc_hv *hv)
{
	return hv->ring && !hv->disabled && !hv->freeing && !hv->away;
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
 * Find the buffer for a copy. A fault rule can answer success without one. A call
 * that the partition made before it could know that its partner is gone, or is
 * another one, is no violation.
 */
static long find_buffer(struct vmc_hv *hv, u32 lioba, u32 len,
			long bad_address, u8 **data)
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
