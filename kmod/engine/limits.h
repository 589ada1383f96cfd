/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every time-out, retry count and bound of the protocol engine, in one place.
 * What the protocol itself defines stands in vmc/limits.h. Times are in
 * milliseconds.
 */
#ifndef IBMVMC_LIMITS_H
#define IBMVMC_LIMITS_H

/* Initialize: waits 1, 2, 4, ... seconds, then the partner must come to us. */
#define IBMVMC_INIT_MS 1000
#define IBMVMC_INIT_MS_MAX 32000
#define IBMVMC_INIT_TRIES 8

/* Capabilities: sent this often, this far apart, then the channel is reset. */
#define IBMVMC_CAPABILITIES_MS 1000
#define IBMVMC_CAPABILITIES_TRIES 3

/* Open: in all, if the caller names no time. It is sent again at half time. */
#define IBMVMC_OPEN_MS 5000

/* Close: sent this often, this far apart, then the HMC index is reset. */
#define IBMVMC_CLOSE_MS 1000
#define IBMVMC_CLOSE_TRIES 3

/* Close failures without a success between them that reset the channel. */
#define IBMVMC_CLOSE_FAILURES 2

/* The partner's queue was full: when to try again. */
#define IBMVMC_RETRY_MS 10

/* Resets of our own without becoming ready before the channel has failed. */
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

/* More entries than this no 16-bit field can tell the partner of. */
#define IBMVMC_CRQ_ENTRIES_MAX 32768

#endif
