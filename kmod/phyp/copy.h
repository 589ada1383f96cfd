/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * H_COPY_RDMA: between what the partition has mapped and what the partner has
 * offered.
 */
#ifndef PHYP_COPY_H
#define PHYP_COPY_H

struct phyp;

/**
 * phyp_copy() - H_COPY_RDMA
 * @phyp: any
 * @args: length; window and address of the source, of the destination
 *
 * Whatever it refuses is a violation, but for what the partner refuses and
 * counts by itself. Nothing is copied then.
 *
 * Locking: phyp_enter().
 *
 * Return: H_SUCCESS; H_SOURCE_PARM or H_DEST_PARM for a window that is not ours
 * or not for that, and for an address that is not mapped or not offered;
 * H_PERMISSION for one that is mapped, but not for that direction, and without
 * a partner; H_PARAMETER for the length.
 */
long phyp_copy(struct phyp *phyp, const unsigned long *args);

#endif
