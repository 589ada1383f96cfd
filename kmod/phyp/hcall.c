// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypervisor calls: dispatches the calls of the channel, or makes them fail,
 * and implements H_COPY_RDMA. It passes calls of other devices on to the
 * emulator's hypervisor. Calls for the queue are in crq.c, for TCEs in tce.c.
 */
#include <asm/hvcall.h>
#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/string.h>

#include "internal.h"
#include "vmc/hcall-answer.h"

/* Calls that may be for this device; is_ours() checks further. */
static const struct hcall_kind kinds[] = {
	{ H_REG_CRQ, 0, PHYP_UNIT_ADDRESS, PHYP_REG_CRQ },
	{ H_FREE_CRQ, 0, PHYP_UNIT_ADDRESS, PHYP_FREE_CRQ },
	{ H_VIO_SIGNAL, 0, PHYP_UNIT_ADDRESS, PHYP_VIO_SIGNAL },
	{ H_SEND_CRQ, 0, PHYP_UNIT_ADDRESS, PHYP_SEND_CRQ },
	{ H_ENABLE_CRQ, 0, PHYP_UNIT_ADDRESS, PHYP_ENABLE_CRQ },
	{ H_COPY_RDMA, HCALL_ANY, 0, PHYP_COPY_RDMA },
	{ H_PUT_TCE, 0, PHYP_LOCAL_LIOBN, PHYP_PUT_TCE },
	{ H_PUT_TCE_INDIRECT, 0, PHYP_LOCAL_LIOBN, PHYP_PUT_TCE },
	{ H_STUFF_TCE, 0, PHYP_LOCAL_LIOBN, PHYP_PUT_TCE },
	{ H_GET_TCE, 0, PHYP_LOCAL_LIOBN, PHYP_PUT_TCE },
	{ H_REQUEST_VMC, HCALL_ANY, 0, PHYP_REQUEST_VMC },
};

static bool is_window(unsigned long liobn)
{
	return liobn == PHYP_LOCAL_LIOBN || liobn == PHYP_REMOTE_LIOBN;
}

static bool is_ours(const struct hcall *call)
{
	switch (call->opcode) {
	case H_COPY_RDMA:
		return is_window(call->args[1]) || is_window(call->args[3]);
	case H_GET_TCE:
	case H_REQUEST_VMC:
		return call->results;
	default:
		return true;
	}
}

/* Returns the answer of a call for an error of phyp_tce_check(). */
static long fault(struct phyp *phyp, long rc, long unmapped)
{
	phyp_tce_fault(phyp);
	return rc == H_PERMISSION ? rc : unmapped;
}

static long copy_in(struct phyp *phyp, u64 ioba, u64 lioba, u64 len)
{
	long rc = phyp_tce_check(&phyp->tce, ioba, len, false);

	if (rc)
		return fault(phyp, rc, H_SOURCE_PARM);
	phyp_tce_read(&phyp->tce, ioba, phyp->copy, len);
	return vmc_hv_copy_in(phyp->hv, lioba, phyp->copy, len);
}

static long copy_out(struct phyp *phyp, u64 lioba, u64 ioba, u64 len)
{
	long rc = phyp_tce_check(&phyp->tce, ioba, len, true);

	if (rc)
		return fault(phyp, rc, H_DEST_PARM);
	rc = vmc_hv_copy_out(phyp->hv, lioba, phyp->copy, len);
	if (!rc)
		phyp_tce_write(&phyp->tce, ioba, phyp->copy, len);
	return rc;
}

static long refuse(struct phyp *phyp, long rc)
{
	vmc_hv_violation(phyp->hv);
	return rc;
}

/*
 * Copy between memory that the partition has mapped and a buffer that the
 * partner has offered. The partition's pages need not be contiguous, so the
 * data passes through a bounce buffer. A refused copy is a violation; the
 * partner counts those that it refuses itself.
 */
static long run_copy(struct phyp *phyp, const unsigned long *args)
{
	unsigned long len = args[0];
	unsigned long from = args[1], source = args[2];
	unsigned long to = args[3], dest = args[4];

	if (len > sizeof(phyp->copy))
		return refuse(phyp, H_PARAMETER);
	if (from == PHYP_LOCAL_LIOBN) {
		if (to != PHYP_REMOTE_LIOBN || dest > U32_MAX)
			return refuse(phyp, H_DEST_PARM);
		return copy_in(phyp, source, dest, len);
	}
	if (from != PHYP_REMOTE_LIOBN || source > U32_MAX)
		return refuse(phyp, H_SOURCE_PARM);
	if (to != PHYP_LOCAL_LIOBN)
		return refuse(phyp, H_DEST_PARM);
	return copy_out(phyp, source, dest, len);
}

static long run_tce(struct phyp *phyp, const struct hcall *call)
{
	const unsigned long *args = call->args;
	long rc;

	switch (call->opcode) {
	case H_PUT_TCE:
		rc = phyp_tce_put(&phyp->tce, args[1], args[2], 1);
		break;
	case H_STUFF_TCE:
		rc = phyp_tce_put(&phyp->tce, args[1], args[2], args[3]);
		break;
	case H_PUT_TCE_INDIRECT:
		rc = phyp_tce_put_list(&phyp->tce, args[1], args[2], args[3]);
		break;
	default:
		return phyp_tce_get(&phyp->tce, args[1], &call->results[0]);
	}
	phyp_crq_check(phyp);
	return rc;
}

static long run_request(struct phyp *phyp, const struct hcall *call)
{
	u32 drc_index = 0;
	long rc = vmc_hv_request_vmc(phyp->hv, &drc_index);

	call->results[0] = drc_index;
	return rc;
}

static long run(struct phyp *phyp, const struct hcall *call)
{
	const unsigned long *args = call->args;

	switch (call->kind->id) {
	case PHYP_REG_CRQ:
		return phyp_crq_register(phyp, args[1], args[2]);
	case PHYP_FREE_CRQ:
		return phyp_crq_free(phyp);
	case PHYP_VIO_SIGNAL:
		return phyp_crq_set_interrupts(phyp, args[1]);
	case PHYP_SEND_CRQ:
		return vmc_hv_send(phyp->hv, args[1], args[2], phyp_now_ms());
	case PHYP_COPY_RDMA:
		return run_copy(phyp, args);
	case PHYP_ENABLE_CRQ:
		return vmc_hv_enable_queue(phyp->hv);
	case PHYP_REQUEST_VMC:
		return run_request(phyp, call);
	case PHYP_PUT_TCE:
		return run_tce(phyp, call);
	default:
		return H_FUNCTION;
	}
}

/* A kernel cannot handle a failure to unmap, so such calls never fail. */
static bool can_fail(const struct hcall *call)
{
	switch (call->opcode) {
	case H_PUT_TCE:
	case H_STUFF_TCE:
		return call->args[2];
	default:
		return true;
	}
}

/* Three failures have side effects, see docs/simulator.md. */
static long run_failing(struct phyp *phyp, const struct hcall *call,
			long answer)
{
	u32 delay_ms;
	long rc;

	if (call->opcode == H_REG_CRQ && answer == H_CLOSED) {
		rc = run(phyp, call);
		return rc == H_SUCCESS ? answer : rc;
	}
	if (call->opcode == H_REG_CRQ && answer == H_RESOURCE)
		phyp_crq_leave_over(phyp);
	if (call->opcode == H_FREE_CRQ &&
	    vmc_answer_busy(answer, &delay_ms) == -EBUSY)
		phyp_crq_begin_free(phyp);
	return answer;
}

static void spin(u32 delay_us)
{
	while (delay_us--)
		udelay(1);
}

static bool answer(struct hcall_probes *probes, const struct hcall *call,
		   long *rc)
{
	struct phyp *phyp = container_of(probes, struct phyp, probes);
	struct phyp_fail *fail = &phyp->fail[call->kind->id];
	u32 delay_us;

	if (!is_ours(call))
		return false;
	phyp_enter(phyp);
	fail->calls++;
	if (can_fail(call) && phyp_fail_take(fail, rc))
		*rc = run_failing(phyp, call, *rc);
	else
		*rc = run(phyp, call);
	delay_us = phyp_jitter_us(phyp);
	phyp_leave(phyp);
	spin(delay_us);
	return true;
}

NOKPROBE_SYMBOL(answer);

int phyp_hcall_register(struct phyp *phyp)
{
	BUILD_BUG_ON(sizeof(kinds) > sizeof(phyp->probes.kinds));
	memcpy(phyp->probes.kinds, kinds, sizeof(kinds));
	phyp->probes.nr_kinds = ARRAY_SIZE(kinds);
	phyp->probes.answer = answer;
	return hcall_probes_register(&phyp->probes);
}

void phyp_hcall_unregister(struct phyp *phyp)
{
	hcall_probes_unregister(&phyp->probes);
}
