/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls on the node. Those that a case may want to fail return what the
 * system call does, and leave errno; the others demand success (expect.h). No
 * session is used here: session.h does.
 */
#ifndef ABI_DEVICE_H
#define ABI_DEVICE_H

#include <stdbool.h>

#include "case.h"
#include "uapi/ibmvmc.h"

/* A new file, for reading and writing. */
int device_open(const struct abi_test *test);

/* The same, with O_NONBLOCK. */
int device_open_nonblock(const struct abi_test *test);

/* Sets or takes away O_NONBLOCK. */
void device_set_nonblock(int file, bool on);

/**
 * device_sethmcid() - SETHMCID, with a name that fits the caller
 * @file: any
 */
int device_sethmcid(int file);

/**
 * device_ask_open() - OPEN
 * @file: any
 * @index: HMC index or IBMVMC_INDEX_ANY
 * @timeout_ms: 0 is the driver's default
 */
int device_ask_open(int file, int index, unsigned int timeout_ms);

/* QUERY; must succeed. */
void device_query(int file, struct ibmvmc_query *query);

/* INFO; must succeed. It also makes POLLPRI go. */
void device_info(int file, struct ibmvmc_ioc_info *info);

/* Does the driver have INFO? */
bool device_has_info(const struct abi_test *test);

/**
 * device_mtu() - the longest message
 * @test: with a ready channel
 *
 * Asks INFO; a driver without it refuses to read more than that at once.
 */
unsigned int device_mtu(const struct abi_test *test);

/* How many HMC indices there are; needs INFO. */
unsigned int device_hmcs(const struct abi_test *test);

/* Waits until the channel is ready. */
void device_await_ready(const struct abi_test *test);

/* Waits until the channel's state is this one. */
void device_await_state(const struct abi_test *test, int state);

/**
 * device_break() - a transport event, and wait until the driver has seen it
 * @test: with a ready channel
 * @kind: as knobs_reset() has it
 *
 * A driver without INFO gets a tenth of a second: nothing tells more.
 */
void device_break(const struct abi_test *test, const char *kind);

/* The same, and the channel is ready again. */
void device_reset(const struct abi_test *test, const char *kind);

/**
 * device_pause() - wait a moment before something is tried again
 *
 * For what the driver tells by no event: with the old calls a session's
 * becoming ready, or an HMC index that is free again.
 */
void device_pause(void);

#endif
