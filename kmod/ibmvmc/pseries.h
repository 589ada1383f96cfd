/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel of a real machine: the driver of the device "ibm,vmc" on the
 * virtual I/O bus, and the hypervisor call that asks for such a device. Kernels
 * without that bus have none of it.
 */
#ifndef IBMVMC_PSERIES_H
#define IBMVMC_PSERIES_H

struct ibmvmc_config;

#ifdef CONFIG_PPC_PSERIES

/**
 * ibmvmc_pseries_init() - provide the channel of this machine
 * @config: what the adapter will offer; must stay until ibmvmc_pseries_exit()
 *
 * A device that is there is attached at once, one that is added later when it
 * comes. A machine that is no pseries has none: that is no failure.
 *
 * Return: 0, or what registering the driver returned.
 */
int ibmvmc_pseries_init(const struct ibmvmc_config *config);

/**
 * ibmvmc_pseries_exit() - not any more
 *
 * Detaches the device. May sleep as ibmvmc_detach() does.
 */
void ibmvmc_pseries_exit(void);

#else

static inline int ibmvmc_pseries_init(const struct ibmvmc_config *config)
{
	return 0;
}

static inline void ibmvmc_pseries_exit(void)
{
}

#endif

#endif
