/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every case leaves, and finds: all knobs at rest, the channel ready, all
 * HMC indices free with all their buffers, and a hypervisor that saw nobody
 * break the protocol. As each case ends with this demand, a slot or a buffer
 * that is lost anywhere is found.
 */
#ifndef ABI_SETTLE_H
#define ABI_SETTLE_H

#include "case.h"

/* Put all in order, and demand that this was possible. */
void settle(const struct abi_test *test);

/* The same, through a removal of the device. */
void settle_anew(const struct abi_test *test);

#endif
