/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module ibmvmc offers to whoever brings a channel: a provider says
 * that it is there, and attaches its device when there is one. One provider at
 * a time, and one device: there is one /dev/ibmvmc. It is not the transport
 * itself, whose operations are told in engine/transport.h.
 */
#ifndef IBMVMC_ATTACH_H
#define IBMVMC_ATTACH_H

#include <linux/types.h>

#include "engine/transport.h"

struct ibmvmc_host;

/**
 * struct ibmvmc_provider - a module that brings a channel
 * @name: for people
 * @request_vmc: as ibmvmc_transport_ops.request_vmc, but needs no device and is
 *	called without a lock of the driver's; may be called by several at once
 * @data: handed to it
 */
struct ibmvmc_provider {
	const char *name;
	int (*request_vmc)(void *data, u32 *drc_index, u32 *delay_ms);
	void *data;
};

/**
 * ibmvmc_provider_register() - the channel can come from here
 * @provider: must stay until ibmvmc_provider_unregister()
 *
 * Return: 0, or -EBUSY if another provider is there.
 */
int ibmvmc_provider_register(const struct ibmvmc_provider *provider);

/**
 * ibmvmc_provider_unregister() - not any more
 * @provider: registered, without an attached device
 *
 * Nobody is inside its request_vmc afterwards. May sleep for one such call.
 */
void ibmvmc_provider_unregister(const struct ibmvmc_provider *provider);

/**
 * ibmvmc_attach() - a device is there: bring its channel up
 * @transport: copied; what it points to must stay until ibmvmc_detach() has
 *	returned
 * @host: set before the first operation of the transport is called, so that the
 *	device may interrupt from then on; NULL after a failure
 *
 * Returns when the handshake is under way, not when it is done. May sleep.
 *
 * Return: 0, -EBUSY if a device is attached already, what the transport said if
 * its queue cannot be registered, -EINVAL for the size of its queue, -ENOMEM.
 */
int ibmvmc_attach(const struct ibmvmc_transport *transport,
		  struct ibmvmc_host **host);

/**
 * ibmvmc_detach() - the device is going away
 * @host: attached
 *
 * Every session dies with ENODEV and everybody who waits is woken; files may
 * stay open. No operation of the transport is called any more when it returns,
 * and @host is not there any more: the transport calls ibmvmc_interrupt() no
 * later than in its last free_queue. May sleep as long as the hypervisor keeps
 * the queue busy, at most IBMVMC_FREE_TOTAL_MS.
 *
 * Return: 0, or -EIO if the hypervisor did not give the queue back: it may write
 * to it until its mapping ends, which must be before its memory is freed.
 */
int ibmvmc_detach(struct ibmvmc_host *host);

/**
 * ibmvmc_interrupt() - the hypervisor has put something into the queue
 * @host: attached
 *
 * Locking: none; from any context.
 */
void ibmvmc_interrupt(struct ibmvmc_host *host);

/**
 * ibmvmc_resumed() - the machine was asleep and runs again
 * @host: attached
 *
 * Looks at the queue: an interrupt may have been lost meanwhile. May sleep.
 */
void ibmvmc_resumed(struct ibmvmc_host *host);

#endif
