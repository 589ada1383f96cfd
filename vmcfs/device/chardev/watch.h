/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source of the default main context that waits for a file descriptor, for a
 * moment, or for both, and can be told to wait for something else without being
 * made anew. It knows nothing of what is read or written.
 */
#ifndef VMCFS_WATCH_H
#define VMCFS_WATCH_H

#include <glib.h>

struct watch;

/**
 * watch_func() - what is waited for has come
 * @data: given to watch_new()
 * @condition: what the descriptor is ready for, 0 if it is not
 * @due: the moment has come; it is told once
 *
 * The watch may be freed in it.
 */
typedef void watch_func(void *data, GIOCondition condition, gboolean due);

/**
 * watch_new() - begin to wait
 * @fd: must stay open as long as the watch lives; -1 for none
 * @condition: what of it is waited for; errors and hang-ups always are
 * @func: called from the main loop
 * @data: handed to it
 */
struct watch *watch_new(int fd, GIOCondition condition, watch_func *func,
			void *data);

/**
 * watch_free() - end it; @func is not called any more
 * @watch: NULL is allowed
 */
void watch_free(struct watch *watch);

/**
 * watch_set_condition() - wait for something else
 * @watch: with a descriptor
 * @condition: as for watch_new()
 */
void watch_set_condition(struct watch *watch, GIOCondition condition);

/**
 * watch_set_delay() - the moment is so far away; an earlier one is forgotten
 * @watch: any
 * @ms: milliseconds
 */
void watch_set_delay(struct watch *watch, guint ms);

#endif
