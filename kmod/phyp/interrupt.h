/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An interrupt controller of our own, with one interrupt: the device's. The
 * emulated machine's own takes none from software.
 */
#ifndef PHYP_INTERRUPT_H
#define PHYP_INTERRUPT_H

#include <linux/hrtimer.h>
#include <linux/of.h>
#include <linux/types.h>

struct irq_domain;

/**
 * struct phyp_interrupt - the controller
 * @node: it in the device tree
 * @changes: of the device tree
 * @domain: of its one interrupt
 * @timer: raises it later
 * @raised: how often it was
 */
struct phyp_interrupt {
	struct device_node *node;
	struct of_changeset changes;
	struct irq_domain *domain;
	struct hrtimer timer;
	atomic64_t raised;
};

/**
 * phyp_interrupt_init() - make the controller
 * @interrupt: filled; zero before
 *
 * Return: 0 or a negative errno.
 */
int phyp_interrupt_init(struct phyp_interrupt *interrupt);

/**
 * phyp_interrupt_clear() - take it away
 * @interrupt: one that nobody uses
 */
void phyp_interrupt_clear(struct phyp_interrupt *interrupt);

/**
 * phyp_interrupt_raise() - let the partition's handler run
 * @interrupt: any
 * @delay_us: 0 to do it before this function returns
 *
 * As an edge: while one is still to come no other does.
 *
 * Locking: in hard interrupt context, and not entered: the handler makes hcalls.
 */
void phyp_interrupt_raise(struct phyp_interrupt *interrupt, u32 delay_us);

#endif
