// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting requests, and the two ways they end on their own.
 */
#include "parked.h"

#include <errno.h>

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
 * libfuse would call an interrupt function at once for a signal that came
 * before it was set, and go on using a request that was answered there.
 */
gboolean parked_is_late(fuse_req_t req)
{
	if (!fuse_req_interrupted(req))
		return FALSE;
	reply_error(req, -EINTR);
	return TRUE;
}

void parked_init(struct parked *parked, fuse_req_t req, GQueue *queue,
		 const struct parked_ops *ops)
{
	*parked = (struct parked){
		.req = req,
		.ops = ops,
		.queue = queue,
		.link = { .data = parked },
	};
	g_queue_push_tail_link(queue, &parked->link);
	fuse_req_interrupt_func(req, on_interrupt, parked);
}

void parked_set_timeout(struct parked *parked, guint ms)
{
	parked->timer = g_timeout_add(ms, on_timeout, parked);
}

fuse_req_t parked_take(struct parked *parked)
{
	fuse_req_t req = parked->req;

	g_queue_unlink(parked->queue, &parked->link);
	g_clear_handle_id(&parked->timer, g_source_remove);
	parked->ops->free(parked);
	return req;
}
