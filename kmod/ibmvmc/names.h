/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for what the channel, an HMC index and the last reset are, for the
 * kernel's log, sysfs and debugfs alike.
 */
#ifndef IBMVMC_NAMES_H
#define IBMVMC_NAMES_H

#include "engine/engine.h"

/**
 * ibmvmc_state_name() - a state of the channel in a word
 * @state: any value
 */
const char *ibmvmc_state_name(enum ibmvmc_state state);

/**
 * ibmvmc_hmc_state_name() - a state of an HMC index in a word
 * @state: any value
 */
const char *ibmvmc_hmc_state_name(enum ibmvmc_hmc_state state);

/**
 * ibmvmc_reset_name() - what the last reset was, in a word
 * @kind: IBMVMC_RESET_ value
 */
const char *ibmvmc_reset_name(u32 kind);

#endif
