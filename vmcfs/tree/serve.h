/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serving a tree from the main loop: requests are taken as they come, as many
 * as there are, in the loop's own thread.
 */
#ifndef VMCFS_SERVE_H
#define VMCFS_SERVE_H

#include <glib.h>

#include "tree.h"

struct fuse_session;

/**
 * serve_start() - take requests from now on
 * @tree: to serve
 * @session: of libfuse, mounted
 * @ended: called once when the mount is gone
 * @data: handed to it
 *
 * Return: the source, attached to the default main context, to be destroyed
 * and unreferenced before @session is.
 */
GSource *serve_start(struct tree *tree, struct fuse_session *session,
		     void (*ended)(void *data), void *data);

#endif
