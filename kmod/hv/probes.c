// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypercall probes: intercepts the kernel's functions that make hypervisor
 * calls. A probe at the first instruction of such a function reads opcode and
 * arguments from registers, stores the answer there and makes the function
 * return, so that the tested driver and the kernel run unchanged. It does not
 * answer the calls itself.
 */
#include <asm/ptrace.h>
#include <linux/kernel.h>

#include "compat.h"
#include "probes.h"

/* Returns the kind of a call, or NULL if the call is not intercepted. */
static const struct hcall_kind *find_kind(const struct hcall_probes *probes,
					  const struct hcall *call)
{
	unsigned int i;

	for (i = 0; i < probes->nr_kinds; i++) {
		const struct hcall_kind *kind = &probes->kinds[i];

		if (kind->opcode == call->opcode &&
		    (kind->argument == HCALL_ANY ||
		     call->args[kind->argument] == kind->value))
			return kind;
	}
	return NULL;
}

NOKPROBE_SYMBOL(find_kind);

/* Return to the caller of the probed function with the answer. */
static int take(struct hcall_probes *probes, struct hcall *call,
		struct pt_regs *regs)
{
	long rc;

	call->kind = find_kind(probes, call);
	if (!call->kind || !probes->answer(probes, call, &rc))
		return 0;
	regs->gpr[3] = rc;
	regs_set_return_ip(regs, regs->link);
	return 1;
}

NOKPROBE_SYMBOL(take);

static int norets_handler(struct kprobe *probe, struct pt_regs *regs)
{
	struct hcall call = {
		.opcode = regs->gpr[3],
		.args = &regs->gpr[4],
	};

	return take(container_of(probe, struct hcall_probes, norets), &call,
		    regs);
}

NOKPROBE_SYMBOL(norets_handler);

static int rets_handler(struct kprobe *probe, struct pt_regs *regs)
{
	struct hcall call = {
		.opcode = regs->gpr[3],
		.args = &regs->gpr[5],
		.results = (unsigned long *)regs->gpr[4],
	};

	return take(container_of(probe, struct hcall_probes, rets), &call,
		    regs);
}

NOKPROBE_SYMBOL(rets_handler);

/*
 * A probe with a post_handler is not optimised into a jump, which could not
 * change the return address.
 */
static void post_handler(struct kprobe *probe, struct pt_regs *regs,
			 unsigned long flags)
{
}

int hcall_probes_register(struct hcall_probes *probes)
{
	struct kprobe *both[] = { &probes->norets, &probes->rets };

	probes->norets.symbol_name = "plpar_hcall_norets";
	probes->norets.pre_handler = norets_handler;
	probes->norets.post_handler = post_handler;
	probes->rets.symbol_name = "plpar_hcall";
	probes->rets.pre_handler = rets_handler;
	probes->rets.post_handler = post_handler;
	return register_kprobes(both, ARRAY_SIZE(both));
}

VMC_EXPORT(hcall_probes_register, VMC_HV);

void hcall_probes_unregister(struct hcall_probes *probes)
{
	struct kprobe *both[] = { &probes->norets, &probes->rets };

	unregister_kprobes(both, ARRAY_SIZE(both));
}

VMC_EXPORT(hcall_probes_unregister, VMC_HV);

unsigned long hcall_probes_missed(const struct hcall_probes *probes)
{
	return probes->norets.nmissed + probes->rets.nmissed;
}

VMC_EXPORT(hcall_probes_missed, VMC_HV);
