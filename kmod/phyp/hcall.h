/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the partition's hcalls come in. Those of other devices, and all that are
 * not a Virtual Management Channel's, go their way.
 */
#ifndef PHYP_HCALL_H
#define PHYP_HCALL_H

struct phyp;

/**
 * phyp_hcall_register() - take the partition's hcalls from now on
 * @phyp: any
 *
 * Return: 0 or a negative errno.
 */
int phyp_hcall_register(struct phyp *phyp);

/**
 * phyp_hcall_unregister() - no more; none is under way afterwards
 * @phyp: one that takes them
 */
void phyp_hcall_unregister(struct phyp *phyp);

#endif
