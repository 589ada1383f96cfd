/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hcalls about the partition's queue. The queue is the partner's to fill;
 * here it is found in the partition's memory, and interrupts are lost that a
 * driver has to get along without.
 *
 * Locking: phyp_enter() for each of these functions.
 */
#ifndef PHYP_CRQ_H
#define PHYP_CRQ_H

#include <linux/types.h>

struct ibmvmc_crq_msg;
struct phyp;

/**
 * struct phyp_crq - the queue
 * @ring: its memory, while it is registered
 * @ioba: the address it was registered by
 * @length: its bytes
 * @left_over: a registration by which nothing comes: the partition was told that
 *	there is one already, or that freeing it is not over
 * @interrupts: the partition wants them
 * @lost_interrupts: how often entries are still to come without one
 * @prodded: an interrupt was raised to make the partition enable them anew
 */
struct phyp_crq {
	struct ibmvmc_crq_msg *ring;
	u64 ioba;
	u64 length;
	bool left_over;
	bool interrupts;
	u32 lost_interrupts;
	bool prodded;
};

/**
 * phyp_crq_register() - H_REG_CRQ
 * @phyp: any
 * @ioba: of the queue
 * @length: its bytes
 *
 * Return: as vmc_hv_register_queue(); H_PARAMETER also if the queue is not
 * mapped for reading and writing, in one piece, H_RESOURCE also if one is left
 * over.
 */
long phyp_crq_register(struct phyp *phyp, u64 ioba, u64 length);

/**
 * phyp_crq_free() - H_FREE_CRQ
 * @phyp: any
 *
 * Return: H_SUCCESS, H_PARAMETER if none is registered.
 */
long phyp_crq_free(struct phyp *phyp);

/**
 * phyp_crq_leave_over() - one is registered that the partition knows nothing of
 * @phyp: any
 *
 * So it is until H_FREE_CRQ, as after a kernel that did not free it.
 */
void phyp_crq_leave_over(struct phyp *phyp);

/**
 * phyp_crq_begin_free() - an H_FREE_CRQ that is to be called again
 * @phyp: any
 *
 * No interrupt and no entry comes any more.
 */
void phyp_crq_begin_free(struct phyp *phyp);

/**
 * phyp_crq_set_interrupts() - H_VIO_SIGNAL
 * @phyp: any
 * @mode: 0 or 1
 *
 * Return: H_SUCCESS, H_PARAMETER.
 */
long phyp_crq_set_interrupts(struct phyp *phyp, unsigned long mode);

/**
 * phyp_crq_holds_back() - must the partner not work now
 * @phyp: one whose partner has something to do
 *
 * While interrupts are to be lost it works inside H_VIO_SIGNAL only; a
 * partition that waits for an interrupt gets one, and then makes that call.
 */
bool phyp_crq_holds_back(struct phyp *phyp);

/**
 * phyp_crq_check() - is the queue still mapped as it was
 * @phyp: any
 *
 * If it is not, that is a violation, and it is no queue any more.
 */
void phyp_crq_check(struct phyp *phyp);

/**
 * phyp_crq_abandon() - the device is gone
 * @phyp: any
 *
 * It is a violation if the queue is still registered.
 */
void phyp_crq_abandon(struct phyp *phyp);

#endif
