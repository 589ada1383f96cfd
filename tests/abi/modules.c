// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel modules: loads and unloads the driver, the simulated hypervisor, and
 * the module that provides a channel. It does not build them.
 */
#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"

bool modules_own_transport(const struct abi_test *test)
{
	return strcmp(test->channel, ABI_CHANNEL_DEFAULT);
}

static const char *name_of(const struct abi_test *test, enum module module)
{
	switch (module) {
	case MODULE_DRIVER:
		return "ibmvmc";
	case MODULE_HV:
		return "vmc-hv";
	default:
		return test->channel;
	}
}

const struct modules_parameters modules_standard = {
	.parameters = {
		[MODULE_DRIVER] = "max_hmcs=4 buf_pool_size=32 max_mtu=4096",
		[MODULE_HV] = "",
		[MODULE_CHANNEL] = "hmcs=4 pool=32 mtu=16384",
	},
};

void modules_insert(const struct abi_test *test, enum module module,
		    const char *parameters)
{
	char path[512];
	int file;

	snprintf(path, sizeof(path), "%s/%s.ko", test->modules,
		 name_of(test, module));
	file = MUST(open(path, O_RDONLY | O_CLOEXEC));
	MUST(syscall(SYS_finit_module, file, parameters, 0));
	close(file);
}

int modules_remove(const struct abi_test *test, enum module module)
{
	char name[64];
	char *hyphen;

	/* The kernel's name of a module is an identifier. */
	snprintf(name, sizeof(name), "%s", name_of(test, module));
	while ((hyphen = strchr(name, '-')))
		*hyphen = '_';
	return syscall(SYS_delete_module, name, O_NONBLOCK);
}

void modules_load(const struct abi_test *test,
		  const struct modules_parameters *how)
{
	int i;

	for (i = 0; i < MODULE_COUNT; i++)
		modules_insert(test, i, how->parameters[i]);
}

void modules_unload(const struct abi_test *test)
{
	int i;

	for (i = MODULE_COUNT - 1; i >= 0; i--)
		if (modules_remove(test, i) && errno != ENOENT)
			expect_fail(__FILE__, __LINE__,
				    "%s cannot be unloaded: %s",
				    name_of(test, i), expect_errno_name(errno));
}
