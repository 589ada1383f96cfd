/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver's directory in debugfs: what each HMC index is doing, and a way to
 * reset the channel. For people who look for a fault; nothing may rely on it.
 */
#ifndef IBMVMC_DEBUGFS_H
#define IBMVMC_DEBUGFS_H

struct ibmvmc_node;

/**
 * ibmvmc_debugfs_init() - make the directory
 * @node: any; without debugfs it gets none, which is no failure
 */
void ibmvmc_debugfs_init(struct ibmvmc_node *node);

/**
 * ibmvmc_debugfs_exit() - take it away; nobody is inside afterwards
 * @node: any
 */
void ibmvmc_debugfs_exit(struct ibmvmc_node *node);

#endif
