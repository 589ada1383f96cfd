// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hypervisor as an object: made, let to work by itself, ended. An hcall
 * only queues the work item, which runs in hard interrupt context as soon as
 * interrupts are on again: there the partner takes and sends entries, and the
 * partition's interrupt handler is called.
 */
#include <linux/ktime.h>
#include <linux/slab.h>

#include "compat.h"
#include "phyp.h"
#include "hcall.h"

void phyp_want_interrupt(struct phyp *phyp)
{
	if (!phyp->mute)
		phyp->interrupt_due = true;
}

static void hv_interrupt(void *data)
{
	phyp_want_interrupt(data);
}

static const struct vmc_hv_host hv_host = {
	.interrupt = hv_interrupt,
};

u64 phyp_now_ms(void)
{
	return ktime_to_ms(ktime_get());
}

u32 phyp_jitter_us(struct phyp *phyp)
{
	if (!phyp->jitter_us)
		return 0;
	return prandom_u32_state(&phyp->random) % (phyp->jitter_us + 1);
}

void phyp_tce_fault(struct phyp *phyp)
{
	phyp->tce_faults++;
	vmc_hv_violation(phyp->hv);
}

void phyp_enter(struct phyp *phyp)
	__acquires(&phyp->lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&phyp->lock, flags);
	phyp->flags = flags;
}

void phyp_leave(struct phyp *phyp)
	__releases(&phyp->lock)
{
	irq_work_queue(&phyp->work);
	raw_spin_unlock_irqrestore(&phyp->lock, phyp->flags);
}

/* Let the partner work, and see to it that it can when it wants to again. */
static void step(struct phyp *phyp)
{
	u64 now_ms = phyp_now_ms();
	u64 at_ms = vmc_hv_next_step(phyp->hv);

	if (at_ms <= now_ms) {
		if (phyp_crq_holds_back(phyp))
			return;
		vmc_hv_step(phyp->hv, now_ms);
		at_ms = vmc_hv_next_step(phyp->hv);
	}
	if (at_ms == VMC_HV_IDLE)
		return;
	if (at_ms <= now_ms)
		irq_work_queue(&phyp->work);
	else
		hrtimer_start(&phyp->timer, ms_to_ktime(at_ms - now_ms),
			      HRTIMER_MODE_REL_HARD);
}

static void work(struct irq_work *irq_work)
{
	struct phyp *phyp = container_of(irq_work, struct phyp, work);
	unsigned long flags;
	u32 delay_us = 0;
	bool due;

	raw_spin_lock_irqsave(&phyp->lock, flags);
	step(phyp);
	due = phyp->interrupt_due;
	phyp->interrupt_due = false;
	if (due)
		delay_us = phyp_jitter_us(phyp);
	raw_spin_unlock_irqrestore(&phyp->lock, flags);
	if (due)
		phyp_interrupt_raise(&phyp->interrupt, delay_us);
}

static enum hrtimer_restart timer(struct hrtimer *hrtimer)
{
	struct phyp *phyp = container_of(hrtimer, struct phyp, timer);

	irq_work_queue(&phyp->work);
	return HRTIMER_NORESTART;
}

int phyp_new(const struct vmc_hv_config *config, struct phyp **result)
{
	struct phyp *phyp;
	int rc;

	phyp = kzalloc(sizeof(*phyp), GFP_KERNEL);
	if (!phyp)
		return -ENOMEM;
	raw_spin_lock_init(&phyp->lock);
	mutex_init(&phyp->live_lock);
	phyp->work = IRQ_WORK_INIT_HARD(work);
	vmc_hrtimer_setup(&phyp->timer, timer, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_HARD);
	prandom_seed_state(&phyp->random, 1);

	rc = vmc_hv_new(config, &hv_host, phyp, &phyp->hv);
	if (rc)
		goto free_phyp;
	vmc_hv_request_vmc(phyp->hv, &phyp->drc_index);
	rc = phyp_tce_init(&phyp->tce);
	if (rc)
		goto free_hv;
	rc = phyp_interrupt_init(&phyp->interrupt);
	if (rc)
		goto clear_tce;
	rc = phyp_hcall_register(phyp);
	if (rc)
		goto clear_interrupt;
	*result = phyp;
	return 0;

clear_interrupt:
	phyp_interrupt_clear(&phyp->interrupt);
clear_tce:
	phyp_tce_clear(&phyp->tce);
free_hv:
	vmc_hv_free(phyp->hv);
free_phyp:
	mutex_destroy(&phyp->live_lock);
	kfree(phyp);
	return rc;
}

void phyp_free(struct phyp *phyp)
{
	phyp_hcall_unregister(phyp);
	/* Without a queue the partner is idle: neither starts the other again. */
	hrtimer_cancel(&phyp->timer);
	irq_work_sync(&phyp->work);
	phyp_interrupt_clear(&phyp->interrupt);
	phyp_tce_clear(&phyp->tce);
	vmc_hv_free(phyp->hv);
	mutex_destroy(&phyp->live_lock);
	kfree(phyp);
}
