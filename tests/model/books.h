/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The books of both sides about their buffers: it compares the engine's with
 * the hypervisor's. It changes neither.
 */
#ifndef TESTS_MODEL_BOOKS_H
#define TESTS_MODEL_BOOKS_H

#include "sim/sim.h"

/*
 * Compare the books of a channel that is at rest: every buffer exists on both
 * sides, with the same owner; a session has the whole pool less @removed, an
 * index without one has the buffer that opens the next. Return what is wrong,
 * or NULL. The text stands until the next call.
 */
const char *books_disagree(struct vmc_sim *sim, unsigned int removed);

#endif
