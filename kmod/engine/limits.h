/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every time-out, retry count and bound of the protocol engine, in one place.
 * What the protocol itself defines stands in vmc/limits.h. Times are in
 * milliseconds.
 */
#ifndef IBMVMC_LIMITS_H
#define IBMVMC_LIMITS_H

/*
 * Initialize: waits 1, 2, 4, ... seconds. After the tries that are reported it is
 * sent every IBMVMC_INIT_MS_MAX in silence, since the partner's own Initialize
 * may have been lost.
 */
#define IBMVMC_INIT_MS 1000
#define IBMVMC_INIT_MS_MAX 32000
#define IBMVMC_INIT_TRIES 8

/*
 * Capabilities: waits 1, 2, 4, ... seconds, 63 in all, then the channel is
 * reset. A partner that thinks for a minute over each entry is still in time.
 */
#define IBMVMC_CAPABILITIES_MS 1000
#define IBMVMC_CAPABILITIES_MS_MAX 32000
#define IBMVMC_CAPABILITIES_TRIES 6

/* Open: in all, if the caller names no time. It is sent again at half time. */
#define IBMVMC_OPEN_MS 5000

/*
 * Sessions that may wait to be opened at the same time, unless the host chooses
 * another number, and the part of them that one user may have: one in so many.
 */
#define IBMVMC_WAITING_DEFAULT 1024
#define IBMVMC_WAITING_MIN 4
#define IBMVMC_WAITING_MAX 65536
#define IBMVMC_WAITING_SHARE 4

/*
 * Close: sent this often, this far apart from its first sending on, then the
 * HMC index is free as if it had been answered with an error.
 */
#define IBMVMC_CLOSE_MS 1000
#define IBMVMC_CLOSE_TRIES 3

/* Close Responses with an error and none without that reset the channel. */
#define IBMVMC_CLOSE_FAILURES 2

/*
 * Time that an HMC index without a session may stay without an initial buffer.
 * Then the channel is reset, as soon as no session is open. The time doubles
 * with each such reset, up to IBMVMC_INITIAL_DOUBLINGS times, until every index
 * has a buffer.
 */
#define IBMVMC_INITIAL_MS 10000
#define IBMVMC_INITIAL_DOUBLINGS 6

/*
 * Time that a ready channel may stay without a buffer on any index. It doubles
 * in the same way; after IBMVMC_SELF_RESETS resets the channel has failed.
 */
#define IBMVMC_FIRST_BUFFER_MS 2000

/*
 * Interface Opens in a row that may fail on one index because the HMC ID cannot
 * be copied into its buffer. Then the buffer is forgotten.
 */
#define IBMVMC_OPEN_COPY_FAILURES 3

/*
 * Opens of one index that the hypervisor refuses in a row before the channel is
 * reset, once until an Open succeeds: it may take a session to be open that this
 * side knows nothing of.
 */
#define IBMVMC_OPEN_REFUSALS 3

/* Flow control: after so long without news one more entry may be sent. */
#define IBMVMC_WINDOW_MS 1000

/* The partner's queue was full: when to try again. */
#define IBMVMC_RETRY_MS 10

/*
 * Resets of our own after which the channel has failed, unless it became ready
 * and got a buffer in between.
 */
#define IBMVMC_SELF_RESETS 3

/* Least time from one reset of our own to the next. */
#define IBMVMC_RESET_SPACING_MS 1000

/* How long a busy hypervisor may take to free or to enable the queue. */
#define IBMVMC_FREE_TOTAL_MS 60000
#define IBMVMC_ENABLE_TOTAL_MS 60000

/* What is made of the delay that a busy hypervisor asks for. */
#define IBMVMC_DELAY_MIN_MS 1
#define IBMVMC_DELAY_MAX_MS 10000

/* Attempts to register the queue during a reset, and the time between two. */
#define IBMVMC_REGISTER_TRIES 3
#define IBMVMC_REGISTER_MS 1000

/*
 * Time after which a failed channel registers its queue again, if it cannot hear
 * the partner or the partner gave it no buffer.
 */
#define IBMVMC_REVIVE_MS 30000

/* More entries than this no 16-bit field can tell the partner of. */
#define IBMVMC_CRQ_ENTRIES_MAX 32768

#endif
