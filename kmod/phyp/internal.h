/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internals of the module vmc-phyp, the hypervisor of an emulated POWER
 * partition for tests: its objects, and the functions that its files share. It
 * answers the hypervisor calls of one Virtual Management Channel in place of
 * the emulator's hypervisor. It does not implement the protocol: hv/ does.
 *
 * It runs inside the partition's calls with interrupts off, and on its own in
 * hard interrupt context. It never runs code of the partition inside a call.
 *
 * A file calls only files above it in this list, which is the order of the
 * sections below:
 *
 *	fail.c, tce.c		calls that fail; DMA window
 *	device-tree.c		nodes of the device tree
 *	interrupt.c		interrupt controller
 *	phyp.c			lock, clock and counters of the object
 *	crq.c			calls for the partition's queue
 *	hcall.c			dispatch of calls, H_COPY_RDMA
 *	hotplug.c		the device on its bus
 *	debugfs.c		knobs as files
 *	main.c			the object, its work and the module
 */
#ifndef PHYP_INTERNAL_H
#define PHYP_INTERNAL_H

#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "hv/debugfs.h"
#include "hv/hv.h"
#include "hv/probes.h"

struct irq_domain;
struct vio_dev;

/* Longest delay of a call or an interrupt, in microseconds. */
#define PHYP_JITTER_MAX_US 10000

/* Unit address of the device, and numbers of its DMA windows. */
#define PHYP_UNIT_ADDRESS 0x30000010
#define PHYP_UNIT_NAME "30000010"
#define PHYP_LOCAL_LIOBN 0x13000010
#define PHYP_REMOTE_LIOBN 0x14000010

/* Number of the device's interrupt at its controller. */
#define PHYP_INTERRUPT_NUMBER 0

/* Size of a page of the DMA window, for every page size of the partition. */
#define PHYP_TCE_PAGE SZ_4K

/* Size of the DMA window, enough for everything that a driver maps. */
#define PHYP_TCE_WINDOW SZ_128M

/* Hypervisor calls that are answered. All calls for TCEs count as one. */
enum phyp_hcall {
	PHYP_REG_CRQ,
	PHYP_FREE_CRQ,
	PHYP_VIO_SIGNAL,
	PHYP_SEND_CRQ,
	PHYP_COPY_RDMA,
	PHYP_ENABLE_CRQ,
	PHYP_REQUEST_VMC,
	PHYP_PUT_TCE,
	PHYP_HCALLS
};

/* Description of the DMA windows in a device node. */
enum phyp_window {
	PHYP_WINDOW_TWO,      /* both windows, like firmware */
	PHYP_WINDOW_ONE,      /* without the hypervisor's window */
	PHYP_WINDOW_SHORT,    /* truncated in the second window */
	PHYP_WINDOW_NONE,     /* no windows */
	PHYP_WINDOW_NO_CELLS, /* without the sizes of addresses */
	PHYP_WINDOWS
};

/**
 * struct phyp_fail - failures of one hypervisor call
 * @calls: number of calls so far
 * @left: number of failures still to inject
 * @answer: answer of a failing call
 */
struct phyp_fail {
	u64 calls;
	u32 left;
	long answer;
};

/**
 * struct phyp_tce_table - memory mapped in the partition's DMA window
 * @entries: TCE of each page of the window
 * @mapped: number of entries that map memory
 */
struct phyp_tce_table {
	u64 *entries;
	unsigned int mapped;
};

/**
 * struct phyp_interrupt - interrupt controller with one interrupt
 * @node: node in the device tree
 * @changes: changes of the device tree
 * @domain: domain of the interrupt
 * @timer: timer for a delayed interrupt
 * @raised: number of interrupts raised
 */
struct phyp_interrupt {
	struct device_node *node;
	struct of_changeset changes;
	struct irq_domain *domain;
	struct hrtimer timer;
	atomic64_t raised;
};

/**
 * struct phyp_crq - the partition's queue
 * @ring: memory of the queue, while it is registered
 * @ioba: I/O address at which it was registered
 * @length: length in bytes
 * @left_over: true for a stale registration that delivers nothing, after a call
 *	was answered with "registered already" or "not freed yet"
 * @interrupts: true if the partition has interrupts enabled
 * @lost_interrupts: number of times that entries will arrive without interrupt
 * @prodded: true after an interrupt that makes the partition enable interrupts
 *	again
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
 * struct phyp - the hypervisor of the partition
 * @hv: simulated partner
 * @lock: lock of all members down to @copy; a raw spinlock, because calls are
 *	made in every context
 * @flags: interrupt state of the holder of @lock
 * @work: work that steps @hv and raises the interrupt
 * @timer: timer that queues @work at the time of the next step of @hv
 * @crq: queue of the partition
 * @tce: memory mapped in the partition's window
 * @tce_faults: number of accesses to memory that is not mapped for them
 * @fail: failures to inject, by enum phyp_hcall
 * @jitter_us: largest random delay of calls and interrupts, in microseconds
 * @random: source of these delays
 * @mute: 1 to lose interrupts
 * @interrupt_due: true if an interrupt must be raised
 * @copy: bounce buffer of H_COPY_RDMA
 *
 * @interrupt: interrupt controller
 * @probes: interception of calls
 * @drc_index: DRC index of the device
 *
 * @live_lock: lock of the members down to @vdev
 * @window: description of the DMA windows in the next device node
 * @changes: changes of the device tree while the device exists
 * @vdev: device on the bus, or NULL
 *
 * @knobs: files in debugfs
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

	struct mutex live_lock; /* protects the device */
	enum phyp_window window;
	struct of_changeset changes;
	struct vio_dev *vdev;

	struct vmc_hv_debugfs knobs;
};

/* fail.c: calls that fail. Locking: entered */

/**
 * phyp_fail_take() - check whether a call fails, and count the failure
 * @fail: failures of that call
 * @answer: set if the call fails
 *
 * Return: true if the call fails.
 */
bool phyp_fail_take(struct phyp_fail *fail, long *answer);

/**
 * phyp_fail_hcall_name() - get the name of a call
 * @hcall: hypervisor call
 *
 * Return: a word.
 */
const char *phyp_fail_hcall_name(enum phyp_hcall hcall);

/**
 * phyp_fail_parse_hcall() - find a call by name
 * @name: word to parse
 * @hcall: set on success
 *
 * Return: 0 or -EINVAL.
 */
int phyp_fail_parse_hcall(const char *name, enum phyp_hcall *hcall);

/**
 * phyp_fail_answer_name() - get the name of an answer
 * @answer: return code
 *
 * Return: the name, or NULL if it has none.
 */
const char *phyp_fail_answer_name(long answer);

/**
 * phyp_fail_parse_answer() - parse the name of an answer, or a decimal number
 * @name: word to parse
 * @answer: set on success
 *
 * Return: 0 or -EINVAL.
 */
int phyp_fail_parse_answer(const char *name, long *answer);

/* device-tree.c: nodes of the device tree */

/**
 * phyp_device_tree_add_controller() - add the interrupt controller to the
 * device tree
 * @changes: filled on success
 * @node: set to the controller on success
 *
 * Return: 0 or a negative errno.
 */
int phyp_device_tree_add_controller(struct of_changeset *changes,
				    struct device_node **node);

/**
 * phyp_device_tree_add_device() - add the device to the device tree
 * @changes: filled on success
 * @drc_index: DRC index of the device
 * @window: description of the DMA windows
 * @node: set to the device on success
 *
 * Return: 0, -ENODEV (the machine has no virtual devices), or another negative
 * errno.
 */
int phyp_device_tree_add_device(struct of_changeset *changes, u32 drc_index,
				enum phyp_window window,
				struct device_node **node);

/**
 * phyp_device_tree_remove() - remove a node from the device tree
 * @changes: changes that added it
 */
void phyp_device_tree_remove(struct of_changeset *changes);

/* tce.c: the partition's DMA window. Locking: the caller serialises calls */

/**
 * phyp_tce_init() - create an empty table
 * @table: filled
 *
 * Return: 0 or -ENOMEM.
 */
int phyp_tce_init(struct phyp_tce_table *table);

/**
 * phyp_tce_clear() - free a table
 * @table: table of the DMA window
 */
void phyp_tce_clear(struct phyp_tce_table *table);

/**
 * phyp_tce_put() - handle H_PUT_TCE, and H_STUFF_TCE for several pages
 * @table: table of the DMA window
 * @ioba: I/O address of the first page
 * @tce: TCE of each page
 * @count: number of pages
 *
 * Return: H_SUCCESS; H_PARAMETER, without a change, if a page is outside the
 * window or the TCE maps no memory.
 */
long phyp_tce_put(struct phyp_tce_table *table, u64 ioba, u64 tce, u64 count);

/**
 * phyp_tce_put_list() - handle H_PUT_TCE_INDIRECT
 * @table: table of the DMA window
 * @ioba: I/O address of the first page
 * @list: real address of a list of TCEs
 * @count: number of pages, at most as many as fit into a list of 4 KiB
 *
 * Return: see phyp_tce_put(), but pages before the invalid one are changed.
 */
long phyp_tce_put_list(struct phyp_tce_table *table, u64 ioba, u64 list,
		       u64 count);

/**
 * phyp_tce_get() - handle H_GET_TCE
 * @table: table of the DMA window
 * @ioba: I/O address of a page
 * @tce: set on success
 *
 * Return: H_SUCCESS, H_PARAMETER.
 */
long phyp_tce_get(const struct phyp_tce_table *table, u64 ioba,
		  unsigned long *tce);

/**
 * phyp_tce_check() - check whether memory may be read or written
 * @table: table of the DMA window
 * @ioba: first I/O address
 * @len: length in bytes
 * @write: true to write
 *
 * Return: H_SUCCESS, H_PARAMETER if a part is not mapped, H_PERMISSION if it is
 * not mapped for that direction.
 */
long phyp_tce_check(const struct phyp_tce_table *table, u64 ioba, u64 len,
		    bool write);

/**
 * phyp_tce_read() - copy from the partition's memory
 * @table: table of the DMA window
 * @ioba: first I/O address; checked by phyp_tce_check()
 * @to: @len bytes
 * @len: length in bytes
 */
void phyp_tce_read(const struct phyp_tce_table *table, u64 ioba, void *to,
		   u64 len);

/**
 * phyp_tce_write() - copy to the partition's memory
 * @table: table of the DMA window
 * @ioba: first I/O address; checked by phyp_tce_check()
 * @from: @len bytes
 * @len: length in bytes
 */
void phyp_tce_write(const struct phyp_tce_table *table, u64 ioba,
		    const void *from, u64 len);

/**
 * phyp_tce_span() - get memory that is mapped contiguously
 * @table: table of the DMA window
 * @ioba: first I/O address
 * @len: length in bytes, not 0
 *
 * Return: the memory, or NULL if a part is not mapped for reading and writing,
 * or if its pages are not contiguous.
 */
void *phyp_tce_span(const struct phyp_tce_table *table, u64 ioba, u64 len);

/* interrupt.c: the interrupt controller */

/**
 * phyp_interrupt_init() - create the controller
 * @interrupt: filled; zero before
 *
 * Return: 0 or a negative errno.
 */
int phyp_interrupt_init(struct phyp_interrupt *interrupt);

/**
 * phyp_interrupt_clear() - remove the controller
 * @interrupt: unused
 */
void phyp_interrupt_clear(struct phyp_interrupt *interrupt);

/**
 * phyp_interrupt_raise() - run the partition's interrupt handler
 * @interrupt: interrupt controller
 * @delay_us: delay in microseconds; 0 to run it before this function returns
 *
 * Edge-triggered: while one interrupt is pending, no other is raised.
 *
 * Locking: in hard interrupt context, and not entered, because the handler
 * makes hypervisor calls.
 */
void phyp_interrupt_raise(struct phyp_interrupt *interrupt, u32 delay_us);

/* phyp.c: the object */

/**
 * phyp_enter() - lock the object, with interrupts off
 * @phyp: hypervisor of the partition
 */
void phyp_enter(struct phyp *phyp);

/**
 * phyp_leave() - unlock the object, and let it run
 * @phyp: entered
 */
void phyp_leave(struct phyp *phyp);

/**
 * phyp_now_ms() - get the time of the partner's clock
 *
 * Return: milliseconds.
 */
u64 phyp_now_ms(void);

/**
 * phyp_jitter_us() - get a random delay
 * @phyp: hypervisor of the partition
 *
 * Locking: entered.
 *
 * Return: microseconds.
 */
u32 phyp_jitter_us(struct phyp *phyp);

/**
 * phyp_want_interrupt() - schedule an interrupt, unless mute is on
 * @phyp: hypervisor of the partition
 *
 * Locking: entered.
 */
void phyp_want_interrupt(struct phyp *phyp);

/**
 * phyp_tce_fault() - count an access to memory that is not mapped for it
 * @phyp: hypervisor of the partition
 *
 * Locking: entered.
 */
void phyp_tce_fault(struct phyp *phyp);

/* crq.c: calls for the partition's queue. Locking: entered */

/**
 * phyp_crq_register() - handle H_REG_CRQ
 * @phyp: hypervisor of the partition
 * @ioba: I/O address of the queue
 * @length: length in bytes
 *
 * Return: see vmc_hv_register_queue(); H_PARAMETER also if the queue is not
 * mapped contiguously for reading and writing, H_RESOURCE also after
 * phyp_crq_leave_over().
 */
long phyp_crq_register(struct phyp *phyp, u64 ioba, u64 length);

/**
 * phyp_crq_free() - handle H_FREE_CRQ
 * @phyp: hypervisor of the partition
 *
 * Return: H_SUCCESS, H_PARAMETER if none is registered.
 */
long phyp_crq_free(struct phyp *phyp);

/**
 * phyp_crq_leave_over() - pretend that a queue is registered already
 * @phyp: hypervisor of the partition
 *
 * Lasts until H_FREE_CRQ, as after a kernel that did not free its queue.
 */
void phyp_crq_leave_over(struct phyp *phyp);

/**
 * phyp_crq_begin_free() - handle an H_FREE_CRQ that must be repeated
 * @phyp: hypervisor of the partition
 *
 * No interrupt and no entry arrives from now on.
 */
void phyp_crq_begin_free(struct phyp *phyp);

/**
 * phyp_crq_set_interrupts() - handle H_VIO_SIGNAL
 * @phyp: hypervisor of the partition
 * @mode: 0 or 1
 *
 * Return: H_SUCCESS, H_PARAMETER.
 */
long phyp_crq_set_interrupts(struct phyp *phyp, unsigned long mode);

/**
 * phyp_crq_holds_back() - check whether the partner must not run now
 * @phyp: hypervisor of the partition with a step due
 *
 * While interrupts must be lost, the partner runs only inside H_VIO_SIGNAL. A
 * partition that waits for an interrupt gets one, and then makes that call.
 *
 * Return: true if it must not run.
 */
bool phyp_crq_holds_back(struct phyp *phyp);

/**
 * phyp_crq_check() - check that the queue is still mapped
 * @phyp: hypervisor of the partition
 *
 * Otherwise counts a violation and frees the queue.
 */
void phyp_crq_check(struct phyp *phyp);

/**
 * phyp_crq_abandon() - free the queue of a removed device
 * @phyp: hypervisor of the partition
 *
 * Counts a violation if the queue is still registered.
 */
void phyp_crq_abandon(struct phyp *phyp);

/* hcall.c: dispatch of hypervisor calls */

/**
 * phyp_hcall_register() - begin to answer the partition's calls
 * @phyp: hypervisor of the partition
 *
 * Return: 0 or a negative errno.
 */
int phyp_hcall_register(struct phyp *phyp);

/**
 * phyp_hcall_unregister() - stop, and wait for calls in progress
 * @phyp: registered
 */
void phyp_hcall_unregister(struct phyp *phyp);

/* hotplug.c: the device, added and removed like in dynamic reconfiguration */

/**
 * phyp_hotplug_set_live() - add or remove the device
 * @phyp: hypervisor of the partition
 * @live: true to add it
 *
 * Does nothing if the device is in that state already. A loaded driver is bound
 * or unbound when the function returns.
 *
 * Return: 0, or the error of phyp_device_tree_add_device(); -ENODEV if the bus
 * refuses the device.
 */
int phyp_hotplug_set_live(struct phyp *phyp, bool live);

/**
 * phyp_hotplug_is_live() - check whether the device exists
 * @phyp: hypervisor of the partition
 *
 * Return: true if it exists.
 */
bool phyp_hotplug_is_live(struct phyp *phyp);

/**
 * phyp_hotplug_set_window() - set the description of the next device's windows
 * @phyp: hypervisor of the partition
 * @window: description
 */
void phyp_hotplug_set_window(struct phyp *phyp, enum phyp_window window);

/**
 * phyp_hotplug_window() - get the description of the next device's windows
 * @phyp: hypervisor of the partition
 *
 * Return: the description.
 */
enum phyp_window phyp_hotplug_window(struct phyp *phyp);

/* debugfs.c: knobs as files, see docs/simulator.md */

/**
 * phyp_debugfs_init() - create the directory vmc-phyp
 * @phyp: hypervisor of the partition; works without the directory if the kernel
 *	has no debugfs
 */
void phyp_debugfs_init(struct phyp *phyp);

/**
 * phyp_debugfs_exit() - remove the directory, and wait for calls in progress
 * @phyp: hypervisor of the partition
 */
void phyp_debugfs_exit(struct phyp *phyp);

#endif
