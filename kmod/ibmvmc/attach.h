/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attachment: the interface of ibmvmc for modules that provide a channel. A
 * module registers as the provider, and attaches its device when it has one.
 * There is one /dev/ibmvmc, hence one provider and one device at a time. It
 * does not define the operations of the transport: engine/transport.h does.
 */
#ifndef IBMVMC_ATTACH_H
#define IBMVMC_ATTACH_H

#include <linux/types.h>

#include "engine/transport.h"

struct ibmvmc_device;

/**
 * struct ibmvmc_provider - a module that provides a channel
 * @name: name shown in sysfs
 * @request_vmc: operation like ibmvmc_transport_ops.request_vmc, but works
 *	without a device, is called without a lock, and may be called
 *	concurrently
 * @data: argument of @request_vmc
 */
struct ibmvmc_provider {
	const char *name;
	int (*request_vmc)(void *data, u32 *drc_index, u32 *delay_ms);
	void *data;
};

/**
 * ibmvmc_provider_register() - register the provider of the channel
 * @provider: provider; must stay valid until ibmvmc_provider_unregister()
 *
 * Return: 0, or -EBUSY if another provider is registered.
 */
int ibmvmc_provider_register(const struct ibmvmc_provider *provider);

/**
 * ibmvmc_provider_unregister() - unregister the provider
 * @provider: registered provider without an attached device
 *
 * Waits for a call of its request_vmc to return.
 */
void ibmvmc_provider_unregister(const struct ibmvmc_provider *provider);

/**
 * ibmvmc_attach() - attach a device and bring its channel up
 * @transport: transport, copied; must stay usable until ibmvmc_detach() has
 *	returned
 * @device: set before the first operation of the transport is called, so that the
 *	device may interrupt from then on; NULL after a failure
 *
 * Returns once the handshake has begun, not when it is complete. May sleep.
 *
 * Return: 0; -EBUSY if a device is attached already; the transport's error if
 * its queue cannot be registered; -EINVAL if the size of its queue is out of
 * range; -ENOMEM.
 */
int ibmvmc_attach(const struct ibmvmc_transport *transport,
		  struct ibmvmc_device **device);

/**
 * ibmvmc_detach() - detach a device that is going away
 * @device: attached device; no longer valid after the call
 *
 * Ends every session with ENODEV and wakes all waiters; files may stay open. No
 * operation of the transport is called after it returns. The transport must not
 * call ibmvmc_interrupt() after its last free_queue. May sleep while the
 * hypervisor reports that the queue is busy, at most IBMVMC_FREE_TOTAL_MS.
 *
 * Return: 0, or -EIO if the hypervisor did not free the queue. The hypervisor
 * may then write to the queue until it is unmapped: unmap it before freeing its
 * memory.
 */
int ibmvmc_detach(struct ibmvmc_device *device);

/**
 * ibmvmc_interrupt() - handle an interrupt: the queue has new entries
 * @device: attached
 *
 * Locking: none; from any context.
 */
void ibmvmc_interrupt(struct ibmvmc_device *device);

/**
 * ibmvmc_resumed() - check the queue after the machine was suspended
 * @device: attached
 *
 * An interrupt may have been lost during suspension. May sleep.
 */
void ibmvmc_resumed(struct ibmvmc_device *device);

#endif
