// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Object of the module: implements its lock, its clock, its random delays and
 * its pending interrupt, for all other files. It does not create or run the
 * object: main.c does.
 */
#include <linux/ktime.h>

#include "internal.h"

void phyp_want_interrupt(struct phyp *phyp)
{
	if (!phyp->mute)
		phyp->interrupt_due = true;
}

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

void phyp_enter(struct phyp *phyp) __acquires(&phyp->lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&phyp->lock, flags);
	phyp->flags = flags;
}

void phyp_leave(struct phyp *phyp) __releases(&phyp->lock)
{
	irq_work_queue(&phyp->work);
	raw_spin_unlock_irqrestore(&phyp->lock, phyp->flags);
}
