/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knobs of the simulated device, as files in debugfs: see
 * docs/simulator.md for each.
 */
#ifndef IBMVMC_SIM_DEBUGFS_H
#define IBMVMC_SIM_DEBUGFS_H

struct sim_device;

/**
 * sim_debugfs_init() - make the directory ibmvmc-sim
 * @device: any; without debugfs there are no knobs, which is no failure
 */
void sim_debugfs_init(struct sim_device *device);

/**
 * sim_debugfs_exit() - take it away; nobody turns a knob afterwards
 * @device: any
 */
void sim_debugfs_exit(struct sim_device *device);

#endif
