/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Engine limits: every timeout, retry count and bound of the protocol engine. Times
 * are in milliseconds. Limits that the protocol defines are in vmc/limits.h.
 */
#ifndef IBMVMC_ENGINE_LIMITS_H
#define IBMVMC_ENGINE_LIMITS_H

#include "uapi/ibmvmc.h"

/*
 * Initialize: timeouts of 1, 2, 4, ... seconds. After IBMVMC_INIT_TRIES
 * attempts Initialize is sent every IBMVMC_INIT_MS_MAX without a report,
 * because the partner's Initialize may have been lost.
 */
#define IBMVMC_INIT_MS 1000
#define IBMVMC_INIT_MS_MAX 32000
#define IBMVMC_INIT_TRIES 8

/*
 * Capabilities: timeouts of 1, 2, 4, ... seconds, 63 seconds in total, then the
 * channel is reset. A partner that needs a minute for each entry still responds
 * in time.
 */
#define IBMVMC_CAPABILITIES_MS 1000
#define IBMVMC_CAPABILITIES_MS_MAX 32000
#define IBMVMC_CAPABILITIES_TRIES 6

/*
 * Open: total time by default, as for the ioctl OPEN. Open is sent again after
 * half of the time.
 */
#define IBMVMC_OPEN_MS IBMVMC_TIMEOUT_DEFAULT_MS

/*
 * Number of sessions that may wait to be opened, unless the host sets another
 * one. One user may have 1/IBMVMC_WAITING_SHARE of them.
 */
#define IBMVMC_WAITING_DEFAULT 1024
#define IBMVMC_WAITING_MIN 4
#define IBMVMC_WAITING_MAX 65536
#define IBMVMC_WAITING_SHARE 4

/*
 * Close: number of attempts and the time between two of them. Then the
 * connection is free as after a Close Response with an error.
 */
#define IBMVMC_CLOSE_MS 1000
#define IBMVMC_CLOSE_TRIES 3

/* Consecutive Close Responses with an error that reset the channel. */
#define IBMVMC_CLOSE_FAILURES 2

/*
 * Time that a free connection may have no initial buffer. Then the channel is
 * reset, as soon as no session is open. The time doubles with each such reset,
 * up to IBMVMC_INITIAL_DOUBLINGS times, until every connection has a buffer.
 */
#define IBMVMC_INITIAL_MS 10000
#define IBMVMC_INITIAL_DOUBLINGS 6

/*
 * Time that a ready channel may have no buffer on any connection. It doubles
 * likewise; after IBMVMC_SELF_RESETS resets the channel has failed.
 */
#define IBMVMC_FIRST_BUFFER_MS 2000

/*
 * Consecutive Opens of one connection whose HMC ID cannot be copied into the
 * buffer. Then the buffer is invalidated.
 */
#define IBMVMC_OPEN_COPY_FAILURES 3

/*
 * Consecutive refused Opens of one connection that reset the channel, once
 * until an Open succeeds: the hypervisor may hold a session that this side has
 * lost.
 */
#define IBMVMC_OPEN_REFUSALS 3

/* Flow control: time after which a closed window permits one more entry. */
#define IBMVMC_WINDOW_MS 1000

/* Time before a send to a full partner queue is repeated. */
#define IBMVMC_RETRY_MS 10

/*
 * Resets of our own after which the channel has failed, unless the channel
 * became ready and received a buffer in between.
 */
#define IBMVMC_SELF_RESETS 3

/* Minimum time between two resets of our own. */
#define IBMVMC_RESET_SPACING_MS 1000

/* Time that a busy hypervisor may need to free or to enable the queue. */
#define IBMVMC_FREE_TOTAL_MS 60000
#define IBMVMC_ENABLE_TOTAL_MS 60000

/* Bounds of the delay that a busy hypervisor requests. */
#define IBMVMC_DELAY_MIN_MS 1
#define IBMVMC_DELAY_MAX_MS 10000

/* Attempts to register the queue during a reset, and the time between two. */
#define IBMVMC_REGISTER_TRIES 3
#define IBMVMC_REGISTER_MS 1000

/*
 * Time after which a failed channel registers its queue again, if the queue
 * does not work or the partner added no buffer.
 */
#define IBMVMC_REVIVE_MS 30000

/*
 * Largest power of two that fits the 16-bit queue-size field of Capabilities.
 */
#define IBMVMC_CRQ_ENTRIES_MAX 32768

#endif
