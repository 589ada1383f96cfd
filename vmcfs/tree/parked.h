/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request that waits: it lies in one queue until it is answered, by what it
 * waits for, by its time-out, or by a signal to its caller. Every parked
 * request can be interrupted, else not even SIGKILL would end its caller.
 */
#ifndef VMCFS_PARKED_H
#define VMCFS_PARKED_H

#include <glib.h>

#include "fuse.h"

struct parked;

/**
 * struct parked_ops - what the owner of a parked request does
 * @interrupted: the caller got a signal, and will be answered EINTR; NULL if
 *	there is nothing to do
 * @timed_out: its time is up; must take and answer it
 * @free: free the structure it is the head of
 */
struct parked_ops {
	void (*interrupted)(struct parked *parked);
	void (*timed_out)(struct parked *parked);
	void (*free)(struct parked *parked);
};

/**
 * struct parked - the head of what an owner keeps of a request that waits
 * @req: the request
 * @ops: of the owner
 * @queue: it lies in
 * @link: its place in there
 * @timer: source id of its time-out, or 0
 */
struct parked {
	fuse_req_t req;
	const struct parked_ops *ops;
	GQueue *queue;
	GList link;
	guint timer;
};

/**
 * parked_is_late() - look whether there is anybody left to wait
 * @req: not answered yet; answered by this if its caller was interrupted
 *
 * To be asked before parked_init().
 */
gboolean parked_is_late(fuse_req_t req);

/**
 * parked_init() - let a request wait
 * @parked: the head of its owner's structure
 * @req: not answered yet, not late
 * @queue: it is added at the end
 * @ops: must outlive it
 */
void parked_init(struct parked *parked, fuse_req_t req, GQueue *queue,
		 const struct parked_ops *ops);

/**
 * parked_set_timeout() - bound its wait
 * @parked: without a time-out
 * @ms: from now on
 */
void parked_set_timeout(struct parked *parked, guint ms);

/**
 * parked_take() - it waits no longer: free it, to answer its request
 * @parked: gone after this
 *
 * Return: the request, for the caller to answer.
 */
fuse_req_t parked_take(struct parked *parked);

#endif
