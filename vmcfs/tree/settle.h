/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between what happens on the channel and who waits for it: an event is noted
 * when it comes, and its waiters are answered a moment later, because an answer
 * can be the cause of the next event.
 */
#ifndef VMCFS_SETTLE_H
#define VMCFS_SETTLE_H

#include <glib.h>

struct tree;

/**
 * settle_start() - listen to the tree's channel from now on
 * @tree: any
 *
 * Return: the source that answers in due time, attached to the default main
 * context, for settle_stop().
 */
GSource *settle_start(struct tree *tree);

/**
 * settle_stop() - listen no more
 * @tree: not served any more
 * @source: of settle_start(), gone after this
 *
 * Requests that are still parked are answered ENODEV, open files are closed.
 */
void settle_stop(struct tree *tree, GSource *source);

/**
 * settle() - answer who waited for what has happened
 * @tree: any
 *
 * The source calls it; others may, to save a turn of the main loop.
 */
void settle(struct tree *tree);

#endif
