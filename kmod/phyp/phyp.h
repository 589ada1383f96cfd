/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor below a driver on an emulated POWER partition: it answers the
 * hcalls of one Virtual Management Channel, and of no other device, in the
 * place of the emulator's hypervisor. What the partner says is the simulated
 * hypervisor's business (hv/hv.h); how an hcall reaches it, and what memory it
 * may touch, is told here. It is for tests.
 *
 * It runs where the partition makes its calls, with interrupts off, and by
 * itself in hard interrupt context; never does it run the partition's code from
 * inside a call.
 */
#ifndef PHYP_CORE_H
#define PHYP_CORE_H

#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/prandom.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "hv/probes.h"
#include "hv/hv.h"
#include "hv/debugfs.h"
#include "crq.h"
#include "fail.h"
#include "interrupt.h"
#include "node.h"
#include "tce.h"

struct vio_dev;

/* The longest that an hcall or an interrupt may be delayed. */
#define PHYP_JITTER_MAX_US 10000

/**
 * struct phyp - the hypervisor
 * @hv: the partner
 * @lock: of all that follows down to @copy; a raw one, since calls come in any
 *	context
 * @flags: of who holds @lock
 * @work: lets it work by itself, and raises the interrupt
 * @timer: queues @work when the partner wants to be stepped
 * @crq: the partition's queue
 * @tce: what the partition has mapped in its window
 * @tce_faults: accesses to what it has not mapped, or not for that direction
 * @fail: the hcalls that are to fail
 * @jitter_us: delay hcalls and interrupts by up to that long
 * @random: for how long
 * @mute: what is due now is lost
 * @interrupt_due: an interrupt is to be raised
 * @copy: the bytes of an H_COPY_RDMA under way
 *
 * @interrupt: the interrupt controller
 * @probes: where hcalls come in
 * @drc_index: of the device
 *
 * @live_lock: of all that follows
 * @window: how the next device node tells its DMA windows
 * @changes: of the device tree, while the device is there
 * @vdev: the device, while it is there
 *
 * @knobs: as files
 */
struct phyp {
	struct vmc_hv *hv;
	raw_spinlock_t lock;
	unsigned long flags;
	struct irq_work work;
	struct hrtimer timer;
	struct phyp_crq crq;
	struct phyp_tce_table tce;
	u64 tce_faults;
	struct phyp_fail fail[PHYP_HCALLS];
	u32 jitter_us;
	struct rnd_state random;
	u32 mute;
	bool interrupt_due;
	u8 copy[VMC_MTU_MAX];

	struct phyp_interrupt interrupt;
	struct hcall_probes probes;
	u32 drc_index;

	struct mutex live_lock; /* one change of the device at a time */
	enum phyp_window window;
	struct of_changeset changes;
	struct vio_dev *vdev;

	struct vmc_hv_debugfs knobs;
};

/**
 * phyp_new() - make a hypervisor, without a device
 * @config: of the partner
 * @phyp: the result, on success; it takes hcalls
 *
 * Return: 0, -EINVAL (a value out of range), -ENODEV (no such partition),
 * -ENOMEM, or why the hcalls cannot be taken.
 */
int phyp_new(const struct vmc_hv_config *config, struct phyp **phyp);

/**
 * phyp_free() - end it
 * @phyp: one without a device
 */
void phyp_free(struct phyp *phyp);

/**
 * phyp_enter() - begin to use it
 * @phyp: any
 *
 * Nobody else does until phyp_leave(), and interrupts are off.
 */
void phyp_enter(struct phyp *phyp);

/**
 * phyp_leave() - it may work again
 * @phyp: entered
 */
void phyp_leave(struct phyp *phyp);

/**
 * phyp_now_ms() - the clock of the partner
 */
u64 phyp_now_ms(void);

/**
 * phyp_jitter_us() - how long to delay something
 * @phyp: any
 *
 * Locking: entered.
 */
u32 phyp_jitter_us(struct phyp *phyp);

/**
 * phyp_want_interrupt() - one is due, and raised soon, or is lost
 * @phyp: any
 *
 * Locking: entered.
 */
void phyp_want_interrupt(struct phyp *phyp);

/**
 * phyp_tce_fault() - the partition let us touch memory that it must not
 * @phyp: any
 *
 * Locking: entered.
 */
void phyp_tce_fault(struct phyp *phyp);

#endif
