/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true of a pair, whatever happened to it, once all faults have
 * ended. It makes no fault.
 */
#ifndef TESTS_MODEL_RECOVERY_H
#define TESTS_MODEL_RECOVERY_H

#include "pair.h"

/*
 * End all faults and demand that everything comes to rest and works: no waiter
 * is late, the channel is ready within its time-outs, a session opens on every
 * index and carries messages, both sides have the same buffers, and the
 * partition has broken no rule by itself. A channel that has failed, or any if
 * @restart is true, is reset from the driver's side before, as a user would.
 */
void recovery_demand(struct pair *pair, bool restart);

#endif
