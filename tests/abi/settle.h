/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settling: restores the state that every case starts with: all knobs at their
 * defaults, the channel ready, all HMC indices free with all their buffers, and
 * no violation of the protocol counted by the hypervisor. Since each case ends
 * with this demand, a leaked connection or buffer is found. It does not run
 * cases.
 */
#ifndef ABI_SETTLE_H
#define ABI_SETTLE_H

#include "case.h"

/* Restores the initial state and demands success. */
void settle(const struct abi_test *test);

/* Restores the initial state by removing the device. */
void settle_anew(const struct abi_test *test);

#endif
