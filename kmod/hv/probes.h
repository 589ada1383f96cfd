/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypervisor calls of the partition that are answered here, in the place of the
 * hypervisor. A call that is not of a kind that was asked for goes its way; what
 * is answered, and how, is the business of who asks. For tests, on an emulated
 * POWER partition.
 *
 * It is not part of the module that asks, whose memory changes its protection
 * at the end of its loading. With the hash MMU every page is put into the hash
 * table by calls, and a page that such a call itself needed would never get
 * there: so what a call needs that is none of ours is all in a module that has
 * been loaded before, and in memory that the kernel never unmaps.
 */
#ifndef HCALL_PROBES_H
#define HCALL_PROBES_H

#include <linux/kprobes.h>
#include <linux/types.h>

#define HCALL_KINDS_MAX 16
#define HCALL_ANY (-1)

/**
 * struct hcall_kind - calls that are asked for
 * @opcode: theirs
 * @argument: the place of the argument that tells, or HCALL_ANY: all
 * @value: of that argument
 * @id: what they are for who asks
 */
struct hcall_kind {
	unsigned long opcode;
	int argument;
	unsigned long value;
	unsigned int id;
};

/**
 * struct hcall - a call as it comes
 * @opcode: which
 * @args: its arguments
 * @results: where its results go, or NULL if it is made by a function that has
 *	none
 * @kind: the one it is of
 */
struct hcall {
	unsigned long opcode;
	const unsigned long *args;
	unsigned long *results;
	const struct hcall_kind *kind;
};

/**
 * struct hcall_probes - what is asked for, and where it comes in
 * @kinds: the calls, @nr_kinds of them
 * @nr_kinds: at most HCALL_KINDS_MAX
 * @answer: answers one: true with the result in its last argument, or false: it
 *	goes its way. Called with interrupts off, in any context; makes no call
 * @norets: calls without results
 * @rets: calls with results
 *
 * It has to be memory of kmalloc(). The first three are set by the one who asks,
 * before hcall_probes_register(), and do not change.
 */
struct hcall_probes {
	struct hcall_kind kinds[HCALL_KINDS_MAX];
	unsigned int nr_kinds;
	bool (*answer)(struct hcall_probes *probes, const struct hcall *call,
		       long *rc);
	struct kprobe norets;
	struct kprobe rets;
};

/**
 * hcall_probes_register() - take the calls from now on
 * @probes: filled in
 *
 * Return: 0 or a negative errno of the kernel's probes.
 */
int hcall_probes_register(struct hcall_probes *probes);

/**
 * hcall_probes_unregister() - no more; none is under way afterwards
 * @probes: registered
 */
void hcall_probes_unregister(struct hcall_probes *probes);

/**
 * hcall_probes_missed() - how many calls passed while one was being looked at
 * @probes: registered
 *
 * With the hash MMU the looking itself leads to some.
 */
unsigned long hcall_probes_missed(const struct hcall_probes *probes);

#endif
