/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the longest message of a driver that does not tell it, but refuses
 * what is longer. It makes no call of its own.
 */
#ifndef VMCFS_MTU_SEARCH_H
#define VMCFS_MTU_SEARCH_H

#include <glib.h>

/**
 * mtu_search() - the greatest length that is not too long
 * @is_too_long: asked about single lengths; if it says so of one, it does of
 *	every greater one
 * @data: handed to it
 *
 * Return: 1..VMC_MTU_MAX, or 0 if even one byte is too long.
 */
guint32 mtu_search(gboolean (*is_too_long)(void *data, guint32 len),
		   void *data);

#endif
