/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the protocol engine reports, as lines of the daemon's log. For people
 * only: nothing acts on it.
 */
#ifndef VMCFS_SIM_EVENTS_H
#define VMCFS_SIM_EVENTS_H

#include "engine/event.h"

/**
 * sim_event_log() - log an event: what went wrong as a warning, the rest at
 * level info; the entries that come and go all the time not at all
 * @event: of the engine
 */
void sim_event_log(const struct ibmvmc_event *event);

/**
 * sim_event_reset() - what an event says of the end of the channel
 * @event: of the engine
 *
 * Return: the words, or NULL if it does not end the channel.
 */
const char *sim_event_reset(const struct ibmvmc_event *event);

#endif
