/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the protocol engine needs of the program it runs in: a clock, one timer,
 * and somebody to tell what happens. The kernel's shell, the daemon and the
 * tests are such hosts. How the hypervisor is reached is told in transport.h.
 *
 * Rules for every operation: it is called with the adapter's lock held, and
 * never calls back into the engine.
 */
#ifndef IBMVMC_HOST_OPS_H
#define IBMVMC_HOST_OPS_H

#include <linux/types.h>

#include "event.h"

struct ibmvmc_file_session;

/* The timer value that means "no timer". */
#define IBMVMC_TIMER_OFF (~0ULL)

/**
 * struct ibmvmc_host_ops - what a host provides
 *
 * @now_ms: a clock that never goes back, in milliseconds.
 * @set_timer: call ibmvmc_timer() once when @now_ms has reached @at_ms. There
 *	is one timer: a later call replaces an earlier one, IBMVMC_TIMER_OFF
 *	stops it.
 * @wake: something that waiters of @session may wait for has changed
 *	(readable, writable, opened, dead): look at it again. Somebody still has
 *	a reference to it.
 * @report: something happened that people may want to see; never needed for
 *	the protocol. @event is valid during the call only.
 */
struct ibmvmc_host_ops {
	u64 (*now_ms)(void *host);
	void (*set_timer)(void *host, u64 at_ms);
	void (*wake)(void *host, struct ibmvmc_file_session *session);
	void (*report)(void *host, const struct ibmvmc_event *event);
};

#endif
