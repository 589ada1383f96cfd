/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel modules: the driver, the simulated hypervisor, and the one that
 * brings a channel between them (abi_test::channel). Loading demands success
 * (expect.h).
 */
#ifndef ABI_MODULES_H
#define ABI_MODULES_H

#include "case.h"

enum module { MODULE_DRIVER, MODULE_HV, MODULE_CHANNEL, MODULE_COUNT };

/**
 * struct modules_parameters - how they are loaded
 * @parameters: of each, as insmod has them
 */
struct modules_parameters {
	const char *parameters[MODULE_COUNT];
};

/**
 * modules_own_transport() - does the driver reach the channel by itself?
 * @test: what is tested
 *
 * Then it can ask the hypervisor without a device, and no module needs it.
 */
bool modules_own_transport(const struct abi_test *test);

/* What all cases find that do not load modules themselves. */
extern const struct modules_parameters modules_standard;

/* Loads all of them. */
void modules_load(const struct abi_test *test,
		  const struct modules_parameters *how);

/* Unloads those that are loaded. */
void modules_unload(const struct abi_test *test);

/* Loads one of them. */
void modules_insert(const struct abi_test *test, enum module module,
		    const char *parameters);

/* Unloads one; 0, or -1 and errno. */
int modules_remove(const struct abi_test *test, enum module module);

#endif
