// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel modules.
 */
#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"

static const struct {
	const char *name;
	const char *file;
} modules[MODULE_COUNT] = {
	[MODULE_DRIVER] = { "ibmvmc", "ibmvmc.ko" },
	[MODULE_HV] = { "vmc_hv", "vmc-hv.ko" },
	[MODULE_SIM] = { "ibmvmc_sim", "ibmvmc-sim.ko" },
};

const struct modules_parameters modules_standard = {
	.parameters = {
		[MODULE_DRIVER] = "max_hmcs=4 buf_pool_size=32 max_mtu=4096",
		[MODULE_HV] = "",
		[MODULE_SIM] = "hmcs=4 pool=32 mtu=16384",
	},
};

void modules_insert(const struct abi_test *test, enum module module,
		    const char *parameters)
{
	char path[512];
	int file;

	snprintf(path, sizeof(path), "%s/%s", test->modules,
		 modules[module].file);
	file = MUST(open(path, O_RDONLY | O_CLOEXEC));
	MUST(syscall(SYS_finit_module, file, parameters, 0));
	close(file);
}

int modules_remove(enum module module)
{
	return syscall(SYS_delete_module, modules[module].name, O_NONBLOCK);
}

void modules_load(const struct abi_test *test,
		  const struct modules_parameters *how)
{
	int i;

	for (i = 0; i < MODULE_COUNT; i++)
		modules_insert(test, i, how->parameters[i]);
}

void modules_unload(void)
{
	int i;

	for (i = MODULE_COUNT - 1; i >= 0; i--)
		if (modules_remove(i) && errno != ENOENT)
			expect_fail(__FILE__, __LINE__,
				    "%s cannot be unloaded: %s",
				    modules[i].name, expect_errno_name(errno));
}
