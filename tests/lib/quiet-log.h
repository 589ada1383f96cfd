/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quiet log: a log writer of GLib for programs that run parts of the daemon in
 * their own process. It writes nothing.
 */
#ifndef TESTS_LIB_QUIET_LOG_H
#define TESTS_LIB_QUIET_LOG_H

#include <glib.h>

static inline GLogWriterOutput quiet_log(GLogLevelFlags level,
					 const GLogField *fields, gsize count,
					 gpointer data)
{
	(void)level;
	(void)fields;
	(void)count;
	(void)data;
	return G_LOG_WRITER_HANDLED;
}

#endif
