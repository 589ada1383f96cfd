/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual clock: a clock that only the program advances. All clocks of the C
 * library show this time, so that GLib's timeouts and the code under test
 * follow it without waiting. Programs must have a single thread.
 */
#ifndef TESTS_MODEL_VIRTUAL_CLOCK_H
#define TESTS_MODEL_VIRTUAL_CLOCK_H

#include <glib.h>

/* Sets the clock and makes the default main context wait by it. */
void virtual_clock_start(gint64 us);
gint64 virtual_clock_us(void);
/*
 * Iterates the main context until a time of the clock, or until nothing is
 * left.
 */
void virtual_clock_run_for(gint64 ms);
/*
 * Iterates the main context once; advances the clock if nothing is due before.
 */
void virtual_clock_turn(void);

#endif
