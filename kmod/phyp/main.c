// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module vmc-phyp: provides a Virtual Management Channel on an emulated POWER
 * partition, and runs the hypervisor that serves it. It is for tests only, and
 * must not be loaded where a real hypervisor has such a device.
 *
 * A hypervisor call only queues the work item. It runs in hard interrupt
 * context as soon as interrupts are on again: the partner takes and sends
 * entries there, and the partition's interrupt handler is called.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"
#include "hv/params.h"
#include "internal.h"

static bool late;
module_param(late, bool, 0444);
MODULE_PARM_DESC(late, "the partner is absent at first, default off");

static void hv_interrupt(void *data)
{
	phyp_want_interrupt(data);
}

static const struct vmc_hv_host hv_host = {
	.interrupt = hv_interrupt,
};

/* Let the partner run, and schedule its next step. */
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

static int phyp_new(const struct vmc_hv_config *config, struct phyp **result)
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

static void phyp_free(struct phyp *phyp)
{
	phyp_hcall_unregister(phyp);
	/* Without a queue the partner is idle, so neither starts the other. */
	hrtimer_cancel(&phyp->timer);
	irq_work_sync(&phyp->work);
	phyp_interrupt_clear(&phyp->interrupt);
	phyp_tce_clear(&phyp->tce);
	vmc_hv_free(phyp->hv);
	mutex_destroy(&phyp->live_lock);
	kfree(phyp);
}

static struct phyp *the_phyp;

static int __init vmc_phyp_init(void)
{
	struct vmc_hv_config config = vmc_hv_params();
	int rc;

	rc = phyp_new(&config, &the_phyp);
	if (rc == -EINVAL)
		pr_err("a parameter is out of range: see modinfo\n");
	if (rc)
		return rc;
	vmc_hv_set_partner(the_phyp->hv, !late);
	rc = phyp_hotplug_set_live(the_phyp, true);
	if (rc) {
		phyp_free(the_phyp);
		return rc;
	}
	phyp_debugfs_init(the_phyp);
	return 0;
}
module_init(vmc_phyp_init);

static void __exit vmc_phyp_exit(void)
{
	phyp_debugfs_exit(the_phyp);
	phyp_hotplug_set_live(the_phyp, false);
	phyp_free(the_phyp);
}
module_exit(vmc_phyp_exit);

MODULE_DESCRIPTION("Virtual Management Channel on an emulated POWER partition");
MODULE_AUTHOR("The vmcfs authors");
MODULE_LICENSE("GPL");
VMC_IMPORT_NAMESPACE(VMC_HV);
