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

struct handle;
struct parked;
struct runner;

/**
 * struct parked_ops - what its owner does when it ends on its own
 * @interrupted: the caller got a signal; the request is then answered EINTR
 * @timed_out: its time is up; must take and answer it
 */
struct parked_ops {
	void (*interrupted)(struct parked *parked);
	void (*timed_out)(struct parked *parked);
};

/**
 * struct parked - a request that waits
 * @req: the request
 * @queue: it lies in
 * @ops: of its owner
 * @handle: the open file
 * @size: of a read
 * @data: of a write, copied, else NULL
 * @runner: the commands of a control write, else NULL
 * @count: how many of its kind wait, counted down when it is taken
 * @timer: source id of its time-out, or 0
 */
struct parked {
	fuse_req_t req;
	GQueue *queue;
	const struct parked_ops *ops;
	struct handle *handle;
	gsize size;
	GBytes *data;
	struct runner *runner;
	guint *count;
	guint timer;
};

/**
 * parked_new() - let a request wait
 * @req: not answered yet
 * @queue: it is added at the end
 * @ops: must outlive it
 * @handle: the open file
 *
 * Return: the parked request for its owner to complete, or NULL if its caller
 * was interrupted already: then it is answered.
 */
struct parked *parked_new(fuse_req_t req, GQueue *queue,
			  const struct parked_ops *ops, struct handle *handle);

/**
 * parked_set_timeout() - bound its wait
 * @parked: without a time-out
 * @ms: from now on
 */
void parked_set_timeout(struct parked *parked, guint ms);

/**
 * parked_count() - count it while it waits
 * @parked: any
 * @count: one more now, one less when it is taken
 */
void parked_count(struct parked *parked, guint *count);

/**
 * parked_take() - it waits no longer: free it, to answer its request
 * @parked: gone after this
 *
 * Return: the request, for the caller to answer.
 */
fuse_req_t parked_take(struct parked *parked);

#endif
