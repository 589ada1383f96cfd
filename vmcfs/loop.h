/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turning the main loop by hand, before it is run and after.
 */
#ifndef VMCFS_LOOP_H
#define VMCFS_LOOP_H

#include <glib.h>

/**
 * loop_until() - turn the main loop until something is so, or the time is up
 * @done: asked before each turn
 * @data: handed to it
 * @ms: how long at the most
 *
 * Return: FALSE if the time was up first.
 */
gboolean loop_until(gboolean (*done)(gpointer data), gpointer data, guint ms);

#endif
