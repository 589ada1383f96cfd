/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash of a pair that is the same for states which nothing can tell apart:
 * times are relative to the clock, session numbers to the latest of their index,
 * counters to each other. It also says what must be true in every state.
 */
#ifndef TESTS_MODEL_CANON_H
#define TESTS_MODEL_CANON_H

#include "pair.h"

/* The hash, never 0. */
u64 canon_hash(struct pair *pair);
/* Note in the pair what its state must not be. */
void canon_check(struct pair *pair);

#endif
