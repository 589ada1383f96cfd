/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting requests: each lies in one queue until it is answered, by what it
 * waits for, by its timeout, by a signal to its caller, or before the kernel
 * aborts the mount because of its age. Owners know what it waits for, and
 * answer it; only EINTR is returned here.
 */
#ifndef VMCFS_PARKED_H
#define VMCFS_PARKED_H

#include <glib.h>

#include "fuse.h"

struct parked;
struct parking;

/**
 * struct parked_ops - callbacks of the owner of a waiting request
 * @outlasts_signals: only a signal that ends the caller ends the wait. For
 *	waits that are bounded in time: the kernel does not report a second
 *	signal
 * @ended: wait ended early, and EINTR is about to be returned for the reason
 *	@why, a clause; NULL if there is nothing to do
 * @timed_out: timeout expired; must take and answer the request. NULL if it
 *	has none
 * @free: free the structure that contains @parked
 */
struct parked_ops {
	gboolean outlasts_signals;
	void (*ended)(struct parked *parked, const char *why);
	void (*timed_out)(struct parked *parked);
	void (*free)(struct parked *parked);
};

/**
 * struct parked - head of the structure that an owner keeps for a request
 * @req: request, not answered yet
 * @ops: callbacks of the owner
 * @parking: all waiting requests of the tree
 * @queue: queue of its kind
 * @link: element of @queue
 * @deadline: monotonic microseconds of its end
 * @limited: @deadline is that of the kernel, not the timeout of the owner
 * @place: position among all deadlines, NULL without one
 * @look: element of the queue of interrupted requests
 * @interrupted: a signal to the caller was reported, @look is in use
 */
struct parked {
	fuse_req_t req;
	const struct parked_ops *ops;
	struct parking *parking;
	GQueue *queue;
	GList link;
	gint64 deadline;
	gboolean limited;
	GSequenceIter *place;
	GList look;
	gboolean interrupted;
};

/**
 * parking_new() - make the object that all waiting requests of a tree share
 *
 * Return: the object, for parking_free(). Its clock is attached to the default
 * main context.
 */
struct parking *parking_new(void);

/**
 * parking_free() - free it
 * @parking: without waiting requests
 */
void parking_free(struct parking *parking);

/**
 * parking_set_request_timeout() - answer requests before the kernel aborts
 * @parking: without waiting requests
 * @seconds: age at which the kernel aborts the mount because of a request, 0
 *	if it never does
 */
void parking_set_request_timeout(struct parking *parking, guint seconds);

/**
 * parking_status() - append the status line "request_timeout_seconds"
 * @parking: any
 * @text: grows
 */
void parking_status(const struct parking *parking, GString *text);

/**
 * parked_init() - let a request wait
 * @parked: head of the structure of its owner
 * @parking: of the tree
 * @req: not answered yet
 * @queue: it is added at the end
 * @ops: must outlive it
 * @timeout_ms: bound of the wait, 0 for none
 */
void parked_init(struct parked *parked, struct parking *parking, fuse_req_t req,
		 GQueue *queue, const struct parked_ops *ops, guint timeout_ms);

/**
 * parked_take() - end the wait and free the structure
 * @parked: gone after this
 *
 * Return: the request, for the caller to answer.
 */
fuse_req_t parked_take(struct parked *parked);

#endif
