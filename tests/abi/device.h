/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device: the calls on the node that need no session. Calls that a case may
 * expect to fail return the result of the system call and leave errno; the
 * others demand success (expect.h). Sessions are in session.h.
 */
#ifndef ABI_DEVICE_H
#define ABI_DEVICE_H

#include <stdbool.h>

#include "case.h"
#include "uapi/ibmvmc.h"

/* A new file, for reading and writing. */
int device_open(const struct abi_test *test);

/* A new file with O_NONBLOCK. */
int device_open_nonblock(const struct abi_test *test);

/* Sets or clears O_NONBLOCK. */
void device_set_nonblock(int file, bool on);

/**
 * device_sethmcid() - SETHMCID, with a name that identifies the caller
 * @file: descriptor of the node
 */
int device_sethmcid(int file);

/**
 * device_ask_open() - OPEN
 * @file: descriptor of the node
 * @index: HMC index or IBMVMC_INDEX_ANY
 * @timeout_ms: timeout in milliseconds, 0: the driver's default
 */
int device_ask_open(int file, int index, unsigned int timeout_ms);

/* QUERY; must succeed. */
void device_query(int file, struct ibmvmc_query *query);

/* INFO; must succeed. It also clears POLLPRI. */
void device_info(int file, struct ibmvmc_ioc_info *info);

/* Returns true if the driver has INFO. */
bool device_has_info(const struct abi_test *test);

/**
 * device_mtu() - the length of the longest message
 * @test: driver with a ready channel
 *
 * Uses INFO; a driver without it refuses longer reads, which are tried then.
 */
unsigned int device_mtu(const struct abi_test *test);

/* Number of HMC indices; needs INFO. */
unsigned int device_hmcs(const struct abi_test *test);

/* Waits until the channel is ready. */
void device_await_ready(const struct abi_test *test);

/* Waits until the channel is in this state. */
void device_await_state(const struct abi_test *test, int state);

/**
 * device_break() - provoke a transport event and wait until it is handled
 * @test: driver with a ready channel
 * @kind: event of knobs_reset()
 *
 * A driver without INFO does not report that: it gets a tenth of a second.
 */
void device_break(const struct abi_test *test, const char *kind);

/* Provokes a transport event and waits until the channel is ready again. */
void device_reset(const struct abi_test *test, const char *kind);

/**
 * device_pause() - wait a moment before the next attempt
 *
 * For changes that the driver reports by no event: in the legacy ABI a session
 * that becomes ready, or an HMC index that becomes free.
 */
void device_pause(void);

#endif
