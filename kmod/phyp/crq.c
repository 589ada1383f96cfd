// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queue calls: handles the hypervisor calls for the partition's queue. It finds
 * the queue in the partition's memory, and loses interrupts, which a driver
 * must tolerate. It does not handle entries and H_SEND_CRQ: the partner does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <asm/hvcall.h>
#include <linux/printk.h>

#include "internal.h"

/* Forget the state of a queue. */
static void forget(struct phyp *phyp)
{
	phyp->crq.ring = NULL;
	phyp->crq.interrupts = false;
	phyp->crq.prodded = false;
	phyp->interrupt_due = false;
}

long phyp_crq_register(struct phyp *phyp, u64 ioba, u64 length)
{
	struct phyp_crq *crq = &phyp->crq;
	struct ibmvmc_crq_msg *ring;
	long rc;

	if (crq->left_over)
		return H_RESOURCE;
	if (!length || length > U32_MAX || length % PHYP_TCE_PAGE ||
	    ioba % PHYP_TCE_PAGE) {
		pr_err("queue at %llx: length %llx or address is not page-aligned\n",
		       ioba, length);
		return H_PARAMETER;
	}
	ring = phyp_tce_span(&phyp->tce, ioba, length);
	if (!ring) {
		pr_err("queue at %llx: not mapped contiguously for reading and writing\n",
		       ioba);
		return H_PARAMETER;
	}
	rc = vmc_hv_register_queue(phyp->hv, ring, length / sizeof(*ring));
	if (rc == H_SUCCESS || rc == H_CLOSED) {
		forget(phyp);
		crq->ring = ring;
		crq->ioba = ioba;
		crq->length = length;
	}
	return rc;
}

long phyp_crq_free(struct phyp *phyp)
{
	struct phyp_crq *crq = &phyp->crq;

	if (crq->left_over) {
		crq->left_over = false;
		return H_SUCCESS;
	}
	forget(phyp);
	return vmc_hv_free_queue(phyp->hv);
}

void phyp_crq_leave_over(struct phyp *phyp)
{
	phyp->crq.left_over = true;
}

void phyp_crq_begin_free(struct phyp *phyp)
{
	if (phyp_crq_free(phyp) == H_SUCCESS)
		phyp_crq_leave_over(phyp);
}

/* Let entries arrive before interrupts are on, so that none is raised. */
static void lose_interrupt(struct phyp *phyp)
{
	struct vmc_hv_stats before, after;

	vmc_hv_set_interrupts(phyp->hv, false);
	vmc_hv_get_stats(phyp->hv, &before);
	vmc_hv_step(phyp->hv, phyp_now_ms());
	vmc_hv_get_stats(phyp->hv, &after);
	if (after.sent != before.sent)
		phyp->crq.lost_interrupts--;
	phyp->crq.prodded = false;
}

long phyp_crq_set_interrupts(struct phyp *phyp, unsigned long mode)
{
	if (mode > 1)
		return H_PARAMETER;
	if (mode && phyp->crq.lost_interrupts)
		lose_interrupt(phyp);
	phyp->crq.interrupts = mode;
	return vmc_hv_set_interrupts(phyp->hv, mode);
}

bool phyp_crq_holds_back(struct phyp *phyp)
{
	struct phyp_crq *crq = &phyp->crq;

	if (!crq->lost_interrupts)
		return false;
	if (crq->interrupts && !crq->prodded) {
		crq->prodded = true;
		phyp_want_interrupt(phyp);
	}
	return true;
}

void phyp_crq_check(struct phyp *phyp)
{
	struct phyp_crq *crq = &phyp->crq;

	if (!crq->ring ||
	    phyp_tce_span(&phyp->tce, crq->ioba, crq->length) == crq->ring)
		return;
	pr_err("queue at %llx: unmapped while it is registered\n", crq->ioba);
	phyp_tce_fault(phyp);
	phyp_crq_free(phyp);
}

void phyp_crq_abandon(struct phyp *phyp)
{
	phyp->crq.left_over = false;
	if (phyp_crq_free(phyp) == H_SUCCESS) {
		pr_err("queue still registered when the device was removed\n");
		vmc_hv_violation(phyp->hv);
	}
}
