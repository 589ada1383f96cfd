/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Case: one behaviour that a driver of /dev/ibmvmc must have, and the list of
 * all cases. Names begin with "compat." (behaviour of the legacy ABI, which
 * every correct driver has) or "abi." (what the header ibmvmc.h promises beyond
 * it). frame.h runs the cases.
 */
#ifndef ABI_CASE_H
#define ABI_CASE_H

#include "knobs.h"

/* This module simulates a device; others serve the driver's own transport. */
#define ABI_CHANNEL_DEFAULT "ibmvmc-sim"

/**
 * struct abi_test - the driver under test and its environment
 * @device: path of the node
 * @modules: directory of the kernel modules, NULL: the program must not load
 *	them
 * @channel: name of the module that provides the channel
 * @limit: seconds each case may take, 0: the case's own limit
 * @knobs: the knobs of the hypervisor and of the driver
 */
struct abi_test {
	const char *device;
	const char *modules;
	const char *channel;
	unsigned int limit;
	struct knobs knobs;
};

/* Default limit of a case in seconds: a guard against hanging only. */
#define ABI_CASE_LIMIT 60

/**
 * struct abi_case - a case
 * @name: words in small letters, with dots and hyphens
 * @what: sentence that the case verifies
 * @run: function that returns if @what is true; else its process fails
 * @needs: KNOB_BIT() of each knob that @run turns
 * @limit: seconds that @run may take, 0: ABI_CASE_LIMIT
 * @loads: true if @run loads and unloads kernel modules
 */
struct abi_case {
	const char *name;
	const char *what;
	void (*run)(const struct abi_test *test);
	unsigned int needs;
	unsigned int limit;
	bool loads;
};

/* One line of a table; ".needs = ..." and the like may follow the function. */
#define CASE(case_name, sentence, function, ...)                      \
	{                                                             \
		.name = case_name, .what = sentence, .run = function, \
		##__VA_ARGS__                                         \
	}

/* Tables of cases, each terminated by a case without a name; then NULL. */
extern const struct abi_case *const abi_cases[];

/* Behaviour that no case can provoke, with reasons; lines of text, then NULL.
 */
extern const char *const abi_unprovoked[];

#endif
