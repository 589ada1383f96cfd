// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel makes every hcall by a few functions of its own. A probe at the
 * first instruction of such a function sees opcode and arguments in registers,
 * puts the answer there, and lets the function return at once: so a driver needs
 * no change to be tested, nor does what it uses of the kernel.
 */
#include <asm/hvcall.h>
#include <asm/ptrace.h>
#include <linux/delay.h>

#include "phyp_copy.h"
#include "phyp_core.h"
#include "phyp_hcall.h"
#include "vmc/hcall-answer.h"

/**
 * struct call - an hcall as it comes
 * @opcode: which
 * @args: its arguments
 * @results: where its results go, or NULL if it is made by a function that has
 *	none
 */
struct call {
	unsigned long opcode;
	const unsigned long *args;
	unsigned long *results;
};

static bool is_window(unsigned long liobn)
{
	return liobn == PHYP_LOCAL_LIOBN || liobn == PHYP_REMOTE_LIOBN;
}

/* Which of ours it is; PHYP_HCALLS if it is none. */
static enum phyp_hcall which(const struct call *call)
{
	bool unit = call->args[0] == PHYP_UNIT_ADDRESS;
	bool window = call->args[0] == PHYP_LOCAL_LIOBN;

	switch (call->opcode) {
	case H_REG_CRQ:
		return unit ? PHYP_REG_CRQ : PHYP_HCALLS;
	case H_FREE_CRQ:
		return unit ? PHYP_FREE_CRQ : PHYP_HCALLS;
	case H_VIO_SIGNAL:
		return unit ? PHYP_VIO_SIGNAL : PHYP_HCALLS;
	case H_SEND_CRQ:
		return unit ? PHYP_SEND_CRQ : PHYP_HCALLS;
	case H_ENABLE_CRQ:
		return unit ? PHYP_ENABLE_CRQ : PHYP_HCALLS;
	case H_COPY_RDMA:
		return is_window(call->args[1]) || is_window(call->args[3]) ?
			       PHYP_COPY_RDMA :
			       PHYP_HCALLS;
	case H_PUT_TCE:
	case H_PUT_TCE_INDIRECT:
	case H_STUFF_TCE:
		return window ? PHYP_PUT_TCE : PHYP_HCALLS;
	case H_GET_TCE:
		return window && call->results ? PHYP_PUT_TCE : PHYP_HCALLS;
	case H_REQUEST_VMC:
		return call->results ? PHYP_REQUEST_VMC : PHYP_HCALLS;
	default:
		return PHYP_HCALLS;
	}
}

static long run_tce(struct phyp *phyp, const struct call *call)
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

static long run_request(struct phyp *phyp, const struct call *call)
{
	u32 drc_index = 0;
	long rc = vmc_hv_request_vmc(phyp->hv, &drc_index);

	call->results[0] = drc_index;
	return rc;
}

static long run(struct phyp *phyp, enum phyp_hcall hcall,
		const struct call *call)
{
	const unsigned long *args = call->args;

	switch (hcall) {
	case PHYP_REG_CRQ:
		return phyp_crq_register(phyp, args[1], args[2]);
	case PHYP_FREE_CRQ:
		return phyp_crq_free(phyp);
	case PHYP_VIO_SIGNAL:
		return phyp_crq_set_interrupts(phyp, args[1]);
	case PHYP_SEND_CRQ:
		return vmc_hv_send(phyp->hv, args[1], args[2], phyp_now_ms());
	case PHYP_COPY_RDMA:
		return phyp_copy(phyp, args);
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

/* What takes a mapping away has no way to fail that a kernel could act on. */
static bool can_fail(const struct call *call)
{
	switch (call->opcode) {
	case H_PUT_TCE:
	case H_STUFF_TCE:
		return call->args[2];
	default:
		return true;
	}
}

/* Two failures are none, or not quite: see docs/simulator.md. */
static long run_failing(struct phyp *phyp, enum phyp_hcall hcall,
			const struct call *call, long answer)
{
	u32 delay_ms;
	long rc;

	if (hcall == PHYP_REG_CRQ && answer == H_CLOSED) {
		rc = run(phyp, hcall, call);
		return rc == H_SUCCESS ? answer : rc;
	}
	if (hcall == PHYP_FREE_CRQ &&
	    vmc_answer_busy(answer, &delay_ms) == -EBUSY)
		phyp_crq_begin_free(phyp);
	return answer;
}

static void spin(u32 delay_us)
{
	while (delay_us--)
		udelay(1);
}

/* The answer, or false if the hcall is not for us. */
static bool answer_call(struct phyp *phyp, const struct call *call, long *rc)
{
	enum phyp_hcall hcall = which(call);
	struct phyp_fail *fail;
	u32 delay_us;

	if (hcall == PHYP_HCALLS)
		return false;
	phyp_enter(phyp);
	fail = &phyp->fail[hcall];
	fail->calls++;
	if (can_fail(call) && phyp_fail_take(fail, rc))
		*rc = run_failing(phyp, hcall, call, *rc);
	else
		*rc = run(phyp, hcall, call);
	delay_us = phyp_jitter_us(phyp);
	phyp_leave(phyp);
	spin(delay_us);
	return true;
}

/* The function shall not run: return to its caller, with this answer. */
static int give_answer(struct pt_regs *regs, long rc)
{
	regs->gpr[3] = rc;
	regs_set_return_ip(regs, regs->link);
	return 1;
}

static int norets_handler(struct kprobe *probe, struct pt_regs *regs)
{
	struct call call = {
		.opcode = regs->gpr[3],
		.args = &regs->gpr[4],
	};
	long rc;

	if (!answer_call(container_of(probe, struct phyp, norets), &call, &rc))
		return 0;
	return give_answer(regs, rc);
}
NOKPROBE_SYMBOL(norets_handler);

static int rets_handler(struct kprobe *probe, struct pt_regs *regs)
{
	struct call call = {
		.opcode = regs->gpr[3],
		.args = &regs->gpr[5],
		.results = (unsigned long *)regs->gpr[4],
	};
	long rc;

	if (!answer_call(container_of(probe, struct phyp, rets), &call, &rc))
		return 0;
	return give_answer(regs, rc);
}
NOKPROBE_SYMBOL(rets_handler);

/*
 * A probe that has such a handler is not turned into a jump, which could not
 * change where the function returns to.
 */
static void post_handler(struct kprobe *probe, struct pt_regs *regs,
			 unsigned long flags)
{
}

int phyp_hcall_register(struct phyp *phyp)
{
	struct kprobe *probes[] = { &phyp->norets, &phyp->rets };

	phyp->norets.symbol_name = "plpar_hcall_norets";
	phyp->norets.pre_handler = norets_handler;
	phyp->norets.post_handler = post_handler;
	phyp->rets.symbol_name = "plpar_hcall";
	phyp->rets.pre_handler = rets_handler;
	phyp->rets.post_handler = post_handler;
	return register_kprobes(probes, ARRAY_SIZE(probes));
}

void phyp_hcall_unregister(struct phyp *phyp)
{
	struct kprobe *probes[] = { &phyp->norets, &phyp->rets };

	unregister_kprobes(probes, ARRAY_SIZE(probes));
}
