// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pending: ends waits at their deadline, or because of a signal to their
 * caller. It ends no wait because of an event.
 *
 * One source of the main loop serves all requests, since the cost of a turn of
 * the loop grows with the number of its sources.
 */
#include "pending.h"

#include <errno.h>

#include "../defaults.h"
#include "proc.h"
#include "reply.h"
#include "tree.h"

/**
 * struct pending_requests - all pending requests of a tree
 * @clock: source that is dispatched at the next deadline or check
 * @deadlines: struct pending, the earliest first
 * @interrupted: struct pending whose caller has a signal, in the order of the
 *	next checks
 * @look_at: monotonic microseconds of the next check of some of @interrupted
 * @request_timeout_s: age at which the kernel aborts a request, 0 for none
 * @shows_threads: TRUE if the signals of callers can be read
 */
struct pending_requests {
	GSource *clock;
	GSequence *deadlines;
	GQueue interrupted;
	gint64 look_at;
	guint request_timeout_s;
	gboolean shows_threads;
};

/* The clock is never set later: that would cost a system call each time. */
static void wake_at(struct pending_requests *requests, gint64 time)
{
	gint64 ready = g_source_get_ready_time(requests->clock);

	if (ready < 0 || time < ready)
		g_source_set_ready_time(requests->clock, time);
}

static void end(struct pending *pending, enum probe_wake why,
		const char *sentence)
{
	if (pending->ops->ended)
		pending->ops->ended(pending, sentence);
	reply_error(pending_take(pending, why), -EINTR);
}

/* Return: FALSE if the signal ends neither the caller nor the wait. */
static gboolean end_if_signalled(struct pending *pending)
{
	if (pending->ops->outlasts_signals &&
	    pending->requests->shows_threads &&
	    !proc_is_ending(fuse_req_ctx(pending->req)->pid))
		return FALSE;
	end(pending, PROBE_WAKE_SIGNAL, "a signal ended the wait");
	return TRUE;
}

/*
 * The kernel reports only one signal for each request. Afterwards the caller
 * waits for the answer even if it is killed, so its signals are polled.
 */
static void watch(struct pending *pending)
{
	struct pending_requests *requests = pending->requests;

	if (g_queue_is_empty(&requests->interrupted))
		requests->look_at =
			g_get_monotonic_time() + VMCFS_SIGNAL_LOOK_US;
	pending->interrupted = TRUE;
	g_queue_push_tail_link(&requests->interrupted, &pending->look);
	wake_at(requests, requests->look_at);
}

static void on_interrupt(fuse_req_t req, void *data)
{
	struct pending *pending = data;

	(void)req;
	if (!pending->interrupted && !end_if_signalled(pending))
		watch(pending);
}

static void look(struct pending_requests *requests, gint64 now)
{
	guint count = MIN(requests->interrupted.length, VMCFS_SIGNAL_LOOKS);

	if (!count || now < requests->look_at)
		return;
	for (guint i = 0; i < count; i++) {
		GList *link = g_queue_pop_head_link(&requests->interrupted);

		g_queue_push_tail_link(&requests->interrupted, link);
		end_if_signalled(link->data);
	}
	requests->look_at = now + VMCFS_SIGNAL_LOOK_US;
}

static struct pending *first_deadline(struct pending_requests *requests)
{
	GSequenceIter *first = g_sequence_get_begin_iter(requests->deadlines);

	return g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
}

static void expire(struct pending_requests *requests, gint64 now)
{
	struct pending *pending;

	while ((pending = first_deadline(requests)) &&
	       pending->deadline <= now) {
		if (pending->limited)
			end(pending, PROBE_WAKE_KERNEL,
			    "the request timeout of the kernel ended the wait");
		else
			pending->ops->timed_out(pending);
	}
}

static gboolean clock_dispatch(GSource *source, GSourceFunc callback,
			       gpointer data)
{
	struct pending_requests *requests = data;
	gint64 now = g_source_get_time(source);
	struct pending *pending;

	(void)callback;
	look(requests, now);
	expire(requests, now);
	g_source_set_ready_time(source, -1);
	pending = first_deadline(requests);
	if (pending)
		wake_at(requests, pending->deadline);
	if (!g_queue_is_empty(&requests->interrupted))
		wake_at(requests, requests->look_at);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_funcs = { .dispatch = clock_dispatch };

struct pending_requests *pending_requests_new(void)
{
	struct pending_requests *requests = g_new0(struct pending_requests, 1);

	requests->deadlines = g_sequence_new(NULL);
	requests->shows_threads = proc_shows_threads();
	requests->clock = g_source_new(&clock_funcs, sizeof(GSource));
	g_source_set_callback(requests->clock, NULL, requests, NULL);
	g_source_attach(requests->clock, NULL);
	return requests;
}

void pending_requests_free(struct pending_requests *requests)
{
	g_source_destroy(requests->clock);
	g_source_unref(requests->clock);
	g_sequence_free(requests->deadlines);
	g_free(requests);
}

void pending_requests_set_timeout(struct pending_requests *requests,
				  guint seconds)
{
	requests->request_timeout_s = seconds;
}

void pending_requests_status(const struct pending_requests *requests,
			     GString *text)
{
	g_string_append_printf(text, "request_timeout_seconds: %u\n",
			       requests->request_timeout_s);
}

static gint compare(gconstpointer a, gconstpointer b, gpointer data)
{
	gint64 first = ((const struct pending *)a)->deadline;
	gint64 second = ((const struct pending *)b)->deadline;

	(void)data;
	return (first > second) - (first < second);
}

static void set_deadline(struct pending *pending, guint timeout_ms)
{
	struct pending_requests *requests = pending->requests;
	guint64 ms = timeout_ms;

	if (requests->request_timeout_s) {
		guint64 limit = (requests->request_timeout_s -
				 VMCFS_KERNEL_TIMEOUT_MARGIN_S) *
				G_GUINT64_CONSTANT(1000);

		pending->limited = !ms || limit < ms;
		ms = pending->limited ? limit : ms;
	}
	if (!ms)
		return;
	pending->deadline = g_get_monotonic_time() + (gint64)ms * 1000;
	pending->position = g_sequence_insert_sorted(requests->deadlines,
						     pending, compare, NULL);
	wake_at(requests, pending->deadline);
}

/*
 * If libfuse has already received the signal, fuse_req_interrupt_func() would
 * call the function at once, and use the request after that has answered it.
 */
void pending_init(struct pending *pending, struct pending_requests *requests,
		  fuse_req_t req, GQueue *queue, const struct pending_ops *ops,
		  guint timeout_ms)
{
	*pending = (struct pending){
		.req = req,
		.ops = ops,
		.requests = requests,
		.queue = queue,
		.link = { .data = pending },
		.look = { .data = pending },
	};
	g_queue_push_tail_link(queue, &pending->link);
	set_deadline(pending, timeout_ms);
	if (fuse_req_interrupted(req))
		watch(pending);
	else
		fuse_req_interrupt_func(req, on_interrupt, pending);
}

fuse_req_t pending_take(struct pending *pending, enum probe_wake why)
{
	fuse_req_t req = pending->req;

	PROBE_WAKE(req, why);
	g_queue_unlink(pending->queue, &pending->link);
	if (pending->position)
		g_sequence_remove(pending->position);
	if (pending->interrupted)
		g_queue_unlink(&pending->requests->interrupted, &pending->look);
	pending->ops->free(pending);
	kernel_cache_drop_status(fuse_req_userdata(req));
	return req;
}
