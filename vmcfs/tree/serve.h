/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serve: the thread that takes requests from the kernel and calls the
 * operations, and the events that answer pending requests. It does not mount.
 */
#ifndef VMCFS_SERVE_H
#define VMCFS_SERVE_H

#include <glib.h>

#include "../device/device.h"
#include "reply.h"
#include "tree.h"
#include "turns.h"

struct serve;

/* All FUSE operations; their user data is the struct tree. */
extern const struct fuse_lowlevel_ops operations;

/**
 * serve_start() - start the thread that takes requests
 * @tree: tree to serve
 * @session: mounted session of libfuse
 * @turns: it is the caller's turn
 * @ended: called once, in the thread's turn, when the mount is gone
 * @data: argument of @ended
 * @serve: set on success, for serve_stop()
 *
 * Return: 0, or -EAGAIN if the system refuses another thread.
 */
int serve_start(struct tree *tree, struct fuse_session *session,
		struct turns *turns, void (*ended)(void *data), void *data,
		struct serve **serve);

/**
 * serve_progresses() - check that the thread takes requests
 * @serve: from serve_start(); it is the caller's turn
 *
 * Return: FALSE if a request waits and none was taken since the previous call.
 * A request that has just arrived has the same effect.
 */
gboolean serve_progresses(struct serve *serve);

/**
 * serve_stop() - end the thread
 * @serve: from serve_start(); it is the caller's turn; freed
 *
 * A request that was taken is handled first. @session must still exist.
 */
void serve_stop(struct serve *serve);

/**
 * wakeups_start() - begin to listen to the channel of a tree
 * @tree: tree of the mount
 *
 * Return: the source that answers pending requests, attached to the default
 * main context, for wakeups_stop().
 */
GSource *wakeups_start(struct tree *tree);

/**
 * wakeups_stop() - stop listening
 * @tree: tree that is no longer served
 * @source: source from wakeups_start(); freed
 *
 * Pending requests are answered with ENODEV, and open files are closed.
 */
void wakeups_stop(struct tree *tree, GSource *source);

/**
 * wakeups_run() - answer the requests that recent events concern
 * @tree: tree of the mount
 *
 * The source calls it. Other code may call it, which saves a turn of the main
 * loop.
 *
 * Return: FALSE if no event had occurred.
 */
gboolean wakeups_run(struct tree *tree);

/**
 * wakeups_settle() - process what follows from a request
 * @tree: tree of the mount
 *
 * Dispatches the device until no wake-up follows, since a request that is
 * answered may use the device again; a bounded number of times, so that other
 * requests have their turn.
 *
 * Return: the work that is left to the main loop.
 */
enum device_work wakeups_settle(struct tree *tree);

#endif
