/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Case: one behaviour that a driver of /dev/ibmvmc must have, and the list of all
 * cases. Names begin with "compat." (behaviour of the legacy ABI, which every
 * correct driver has) or "abi." (what the header ibmvmc.h promises beyond it).
 * frame.h runs the cases.
 */
#ifndef ABI_CASE_H
#define ABI_CASE_H

#include "knobs.h"

/* It simulates a device; any other is below the driver's own transport. */
#define ABI_CHANNEL_DEFAULT "ibmvmc-sim"

/**
 * struct abi_test - what is tested, and by which means
 * @device: path of the node
 * @modules: directory that holds the kernel modules, NULL: they are not ours
 *	to load
 * @channel: the one of them that brings the channel
 * @limit: seconds each case may take, 0: its own
 * @knobs: the knobs of the hypervisor and of the driver
 */
struct abi_test {
	const char *device;
	const char *modules;
	const char *channel;
	unsigned int limit;
	struct knobs knobs;
};

/* Seconds a case may take, if it names no other limit: a guard, no measure. */
#define ABI_CASE_LIMIT 60

/**
 * struct abi_case - a case
 * @name: words in small letters, with dots and hyphens
 * @what: a sentence that shall be true
 * @run: returns if it is, in a process of its own; else that process fails
 * @needs: KNOB_BIT() of each knob that it turns
 * @limit: seconds it may take, 0 is ABI_CASE_LIMIT
 * @loads: it loads and unloads kernel modules
 */
struct abi_case {
	const char *name;
	const char *what;
	void (*run)(const struct abi_test *test);
	unsigned int needs;
	unsigned int limit;
	bool loads;
};

/* One line of a table; behind the function may stand ".needs = ..." and such.
 */
#define CASE(case_name, sentence, function, ...)                      \
	{                                                             \
		.name = case_name, .what = sentence, .run = function, \
		##__VA_ARGS__                                         \
	}

/* Tables of cases, each ended by one without a name; then NULL. */
extern const struct abi_case *const abi_cases[];

/* What cannot be provoked, and why; lines of text, then NULL. */
extern const char *const abi_unprovoked[];

#endif
