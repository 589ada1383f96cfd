/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Canonical state: a hash that is equal for indistinguishable states of a pair.
 * Times are relative to the clock, session numbers to the latest of their
 * index, counters to each other. The invariants of every state are checked,
 * too; recovery is not.
 */
#ifndef TESTS_MODEL_CANON_H
#define TESTS_MODEL_CANON_H

#include "pair.h"

/* Returns the hash, never 0. */
u64 canon_hash(struct pair *pair);
/* Records violated invariants in the pair. */
void canon_check(struct pair *pair);

#endif
