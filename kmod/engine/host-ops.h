/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host operations: the clock, timer and notifications that the protocol engine
 * needs. Hosts are the kernel driver, the daemon and the tests. Access to the
 * hypervisor is in transport.h.
 *
 * All operations are called with the adapter's lock held and must not call back
 * into the engine.
 */
#ifndef IBMVMC_HOST_OPS_H
#define IBMVMC_HOST_OPS_H

#include <linux/types.h>

#include "event.h"

struct ibmvmc_file_session;

/* Timer value "no timer". */
#define IBMVMC_TIMER_OFF (~0ULL)

/**
 * struct ibmvmc_host_ops - operations of a host
 * @now_ms: monotonic clock in milliseconds
 * @set_timer: arrange one call of ibmvmc_timer() when @now_ms has reached
 *	@at_ms; replaces the previous timer; IBMVMC_TIMER_OFF stops the timer
 * @wake: notify the waiters of @session of a change (readable, writable,
 *	opened, dead); the session has at least one reference
 * @report: report an event for logs and counters; the protocol does not depend
 *	on this operation; @event is valid during the call only
 */
struct ibmvmc_host_ops {
	u64 (*now_ms)(void *host);
	void (*set_timer)(void *host, u64 at_ms);
	void (*wake)(void *host, struct ibmvmc_file_session *session);
	void (*report)(void *host, const struct ibmvmc_event *event);
};

#endif
