/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recovery: the conditions that a pair must meet after all faults have ended.
 * It injects no fault.
 */
#ifndef TESTS_MODEL_RECOVERY_H
#define TESTS_MODEL_RECOVERY_H

#include "pair.h"

/*
 * Ends all faults and checks that the pair recovers: no waiter is late, the
 * channel is ready within its timeouts, a session opens on every index and
 * carries messages, both sides have the same buffers, and the partition has
 * broken no rule by itself. A failed channel, or any channel if @restart is
 * true, is restarted first, as by a user.
 */
void recovery_demand(struct pair *pair, bool restart);

#endif
