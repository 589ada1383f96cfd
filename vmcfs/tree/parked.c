// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting requests as memory, and the two ways they end on their own.
 */
#include "parked.h"

#include <errno.h>

#include "../control/runner.h"
#include "reply.h"

static void on_interrupt(fuse_req_t req, void *data)
{
	struct parked *parked = data;

	(void)req;
	if (parked->ops->interrupted)
		parked->ops->interrupted(parked);
	reply_error(parked_take(parked), -EINTR);
}

static gboolean on_timeout(gpointer data)
{
	struct parked *parked = data;

	parked->timer = 0;
	parked->ops->timed_out(parked);
	return G_SOURCE_REMOVE;
}

/*
 * A signal that came before is looked for first: libfuse would call back at
 * once, and go on using a request that was answered there.
 */
struct parked *parked_new(fuse_req_t req, GQueue *queue,
			  const struct parked_ops *ops, struct handle *handle)
{
	struct parked *parked;

	if (fuse_req_interrupted(req)) {
		reply_error(req, -EINTR);
		return NULL;
	}
	parked = g_new0(struct parked, 1);
	parked->req = req;
	parked->queue = queue;
	parked->ops = ops;
	parked->handle = handle;
	g_queue_push_tail(queue, parked);
	fuse_req_interrupt_func(req, on_interrupt, parked);
	return parked;
}

void parked_set_timeout(struct parked *parked, guint ms)
{
	parked->timer = g_timeout_add(ms, on_timeout, parked);
}

void parked_count(struct parked *parked, guint *count)
{
	parked->count = count;
	++*count;
}

fuse_req_t parked_take(struct parked *parked)
{
	fuse_req_t req = parked->req;

	g_queue_remove(parked->queue, parked);
	g_clear_handle_id(&parked->timer, g_source_remove);
	if (parked->count)
		--*parked->count;
	g_clear_pointer(&parked->data, g_bytes_unref);
	runner_free(parked->runner);
	g_free(parked);
	return req;
}
