/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pending: requests that wait. Each is in one queue until it is answered
 * because of the event that it waits for, its timeout, a signal to its caller,
 * or an age at which the kernel is about to abort the mount. It handles no
 * events: the owner of a request does, and answers it; only EINTR is returned
 * here.
 */
#ifndef VMCFS_PENDING_H
#define VMCFS_PENDING_H

#include <glib.h>

#include "../usdt.h"
#include "reply.h"

struct pending;
struct pending_requests;

/**
 * struct pending_ops - callbacks of the owner of a pending request
 * @outlasts_signals: TRUE if only a signal that ends the caller ends the wait.
 *	Needs a timeout, because the kernel does not report a second signal
 * @ended: called when the wait ended early and EINTR is about to be returned,
 *	with the reason as a clause; optional
 * @timed_out: called when the timeout expired, takes and answers the request;
 *	NULL if there is no timeout
 * @free: operation that frees the structure that contains @pending
 */
struct pending_ops {
	gboolean outlasts_signals;
	void (*ended)(struct pending *pending, const char *why);
	void (*timed_out)(struct pending *pending);
	void (*free)(struct pending *pending);
};

/**
 * struct pending - head of the structure that an owner keeps for a request
 * @req: request, not answered yet
 * @ops: callbacks of the owner
 * @requests: all pending requests of the tree
 * @queue: queue of its kind
 * @link: element of @queue
 * @deadline: end of the wait in monotonic microseconds
 * @limited: TRUE if @deadline is that of the kernel, not of the owner
 * @position: position among all deadlines, NULL without one
 * @look: element of the queue of interrupted requests
 * @interrupted: TRUE if a signal to the caller was reported; @look is in use
 */
struct pending {
	fuse_req_t req;
	const struct pending_ops *ops;
	struct pending_requests *requests;
	GQueue *queue;
	GList link;
	gint64 deadline;
	gboolean limited;
	GSequenceIter *position;
	GList look;
	gboolean interrupted;
};

/**
 * pending_requests_new() - allocate the set of pending requests of a tree
 *
 * Return: the set, for pending_requests_free(). Its clock is attached to the
 * default main context.
 */
struct pending_requests *pending_requests_new(void);

/**
 * pending_requests_free() - free the set
 * @requests: without pending requests
 */
void pending_requests_free(struct pending_requests *requests);

/**
 * pending_requests_set_timeout() - answer requests before the kernel aborts
 * @requests: without pending requests
 * @seconds: age of a request at which the kernel aborts the mount, 0 if it
 *	never does
 */
void pending_requests_set_timeout(struct pending_requests *requests,
				  guint seconds);

/**
 * pending_requests_status() - append the status line "request_timeout_seconds"
 * @requests: set of the tree
 * @text: string to append to
 */
void pending_requests_status(const struct pending_requests *requests,
			     GString *text);

/**
 * pending_init() - begin the wait of a request
 * @pending: head of the structure of its owner
 * @requests: set of the tree
 * @req: request that is not answered yet
 * @queue: queue to append the request to
 * @ops: callbacks; must outlive it
 * @timeout_ms: time limit in milliseconds, 0 for none
 */
void pending_init(struct pending *pending, struct pending_requests *requests,
		  fuse_req_t req, GQueue *queue, const struct pending_ops *ops,
		  guint timeout_ms);

/**
 * pending_take() - end the wait and free the structure
 * @pending: freed
 * @why: cause
 *
 * Return: the request, for the caller to answer.
 */
fuse_req_t pending_take(struct pending *pending, enum probe_wake why);

#endif
