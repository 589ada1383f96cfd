/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Books: compares the buffers that both sides have. It changes neither side.
 */
#ifndef TESTS_MODEL_BOOKS_H
#define TESTS_MODEL_BOOKS_H

#include "sim/vmc-sim.h"

/*
 * Compares the buffers of a channel at rest. Each buffer exists on both sides
 * with the same owner; a connection with a session has the whole pool less
 * @removed, another one has its initial buffer. Returns a description of the
 * first difference, valid until the next call, or NULL.
 */
const char *books_disagree(struct vmc_sim *sim, unsigned int removed);

#endif
