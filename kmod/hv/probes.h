/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercall probes: intercepts the partition's hypervisor calls, for tests on
 * an emulated POWER partition. The user of this interface answers calls of a
 * registered kind. It does not change other calls, which reach the hypervisor.
 *
 * The probes are not part of the module that uses them, because the protection
 * of a module's memory changes at the end of loading. With the hash MMU, pages
 * enter the hash table by hypervisor calls; a page needed by such a call itself
 * could never enter it. Therefore everything that a passed-on call needs is in
 * a module loaded earlier, and in memory that the kernel never unmaps.
 */
#ifndef HCALL_PROBES_H
#define HCALL_PROBES_H

#include <linux/kprobes.h>
#include <linux/types.h>

#define HCALL_KINDS_MAX 16
#define HCALL_ANY (-1)

/**
 * struct hcall_kind - a kind of calls to intercept
 * @opcode: opcode
 * @argument: place of the argument to compare, or HCALL_ANY for all calls
 * @value: value of that argument
 * @id: identifier for the user
 */
struct hcall_kind {
	unsigned long opcode;
	int argument;
	unsigned long value;
	unsigned int id;
};

/**
 * struct hcall - an intercepted call
 * @opcode: opcode
 * @args: arguments
 * @results: place for the results, or NULL if the function returns none
 * @kind: kind of the call
 */
struct hcall {
	unsigned long opcode;
	const unsigned long *args;
	unsigned long *results;
	const struct hcall_kind *kind;
};

/**
 * struct hcall_probes - the probes and the calls that they intercept
 * @kinds: kinds of calls, @nr_kinds of them
 * @nr_kinds: number of kinds, at most HCALL_KINDS_MAX
 * @answer: answer a call: returns true and sets the last argument, or returns
 *	false to pass the call on. Called with interrupts off, in any context;
 *	must not make hypervisor calls
 * @norets: probe of the function without results
 * @rets: probe of the function with results
 *
 * Must be memory of kmalloc(). The user sets the first three members before
 * hcall_probes_register() and does not change them.
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
 * hcall_probes_register() - begin to intercept calls
 * @probes: probes whose first three members are set
 *
 * Return: 0 or a negative errno of the kernel's probes.
 */
int hcall_probes_register(struct hcall_probes *probes);

/**
 * hcall_probes_unregister() - stop, and wait for calls in progress
 * @probes: registered
 */
void hcall_probes_unregister(struct hcall_probes *probes);

/**
 * hcall_probes_missed() - count calls missed while a probe was running
 * @probes: registered
 *
 * With the hash MMU, handling a probe can itself cause such calls.
 *
 * Return: the number of calls since hcall_probes_register().
 */
unsigned long hcall_probes_missed(const struct hcall_probes *probes);

#endif
