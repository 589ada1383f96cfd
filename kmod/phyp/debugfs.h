/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knobs that only the hypervisor below a driver has, beside those of every
 * simulated hypervisor: see docs/simulator.md for each.
 */
#ifndef PHYP_DEBUGFS_H
#define PHYP_DEBUGFS_H

struct phyp;

/**
 * phyp_debugfs_init() - make the directory vmc-phyp
 * @phyp: any; without debugfs there are no knobs, which is no failure
 */
void phyp_debugfs_init(struct phyp *phyp);

/**
 * phyp_debugfs_exit() - take it away; nobody turns a knob afterwards
 * @phyp: any
 */
void phyp_debugfs_exit(struct phyp *phyp);

#endif
