/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel modules: the driver, the simulated hypervisor, and the module that
 * provides a channel between them (abi_test::channel). Loading demands success
 * (expect.h). They are built elsewhere.
 */
#ifndef ABI_MODULES_H
#define ABI_MODULES_H

#include "case.h"

enum module { MODULE_DRIVER, MODULE_HV, MODULE_CHANNEL, MODULE_COUNT };

/**
 * struct modules_parameters - parameters of the modules
 * @parameters: parameters of each module, in the syntax of insmod
 */
struct modules_parameters {
	const char *parameters[MODULE_COUNT];
};

/**
 * modules_own_transport() - check for a channel on the driver's own transport
 * @test: driver under test
 *
 * The driver then calls the hypervisor without a device, and no module uses the
 * driver.
 */
bool modules_own_transport(const struct abi_test *test);

/* Parameters for all cases that do not load modules themselves. */
extern const struct modules_parameters modules_standard;

/* Loads all modules. */
void modules_load(const struct abi_test *test,
		  const struct modules_parameters *how);

/* Unloads all loaded modules. */
void modules_unload(const struct abi_test *test);

/* Loads one module. */
void modules_insert(const struct abi_test *test, enum module module,
		    const char *parameters);

/* Unloads one module; returns 0, or -1 with errno. */
int modules_remove(const struct abi_test *test, enum module module);

#endif
