// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupt controller: adds a node of the device tree and an interrupt domain
 * with one interrupt, that of the device. It decides no time at which the
 * interrupt is raised. It is needed because the emulated machine's own
 * controller raises no interrupts for software.
 */
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/ktime.h>

#include "compat.h"
#include "internal.h"

/* A software interrupt needs no access to hardware. */
static void nothing(struct irq_data *data)
{
}

static struct irq_chip chip = {
	.name = "VMC-PHYP",
	.irq_ack = nothing,
	.irq_mask = nothing,
	.irq_unmask = nothing,
};

/* Keeps the machine's own controller from claiming the node. */
static int match(struct irq_domain *domain, struct device_node *node,
		 enum irq_domain_bus_token token)
{
	const struct phyp_interrupt *interrupt = domain->host_data;

	return node == interrupt->node;
}

static int map(struct irq_domain *domain, unsigned int virq,
	       irq_hw_number_t number)
{
	irq_set_chip_and_handler(virq, &chip, handle_edge_irq);
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.match = match,
	.map = map,
	.xlate = irq_domain_xlate_onetwocell,
};

static void raise_now(struct phyp_interrupt *interrupt)
{
	atomic64_inc(&interrupt->raised);
	generic_handle_domain_irq(interrupt->domain, PHYP_INTERRUPT_NUMBER);
}

static enum hrtimer_restart timer(struct hrtimer *hrtimer)
{
	raise_now(container_of(hrtimer, struct phyp_interrupt, timer));
	return HRTIMER_NORESTART;
}

void phyp_interrupt_raise(struct phyp_interrupt *interrupt, u32 delay_us)
{
	if (!delay_us)
		raise_now(interrupt);
	else if (!hrtimer_is_queued(&interrupt->timer))
		hrtimer_start(&interrupt->timer,
			      ns_to_ktime((u64)delay_us * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_HARD);
}

int phyp_interrupt_init(struct phyp_interrupt *interrupt)
{
	int rc;

	vmc_hrtimer_setup(&interrupt->timer, timer, CLOCK_MONOTONIC,
			  HRTIMER_MODE_REL_HARD);
	rc = phyp_device_tree_add_controller(&interrupt->changes,
					     &interrupt->node);
	if (rc)
		return rc;
	interrupt->domain =
		irq_domain_create_linear(of_fwnode_handle(interrupt->node),
					 PHYP_INTERRUPT_NUMBER + 1, &domain_ops,
					 interrupt);
	if (!interrupt->domain) {
		phyp_device_tree_remove(&interrupt->changes);
		return -ENOMEM;
	}
	return 0;
}

void phyp_interrupt_clear(struct phyp_interrupt *interrupt)
{
	hrtimer_cancel(&interrupt->timer);
	irq_domain_remove(interrupt->domain);
	phyp_device_tree_remove(&interrupt->changes);
}
