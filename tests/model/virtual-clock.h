/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock that the program moves: every clock of the C library shows it, so that
 * GLib's time-outs and the code under test run by it, and waiting for a time-out
 * takes no time. It is for programs with one thread.
 */
#ifndef TESTS_MODEL_VIRTUAL_CLOCK_H
#define TESTS_MODEL_VIRTUAL_CLOCK_H

#include <glib.h>

/* Set the clock, and let the default main context wait by it. */
void virtual_clock_start(gint64 us);
gint64 virtual_clock_us(void);
/* Turn the main context until a time of the clock, or until nothing is left. */
void virtual_clock_run_for(gint64 ms);
/* Turn it once; the clock goes on if there is nothing to do before. */
void virtual_clock_turn(void);

#endif
