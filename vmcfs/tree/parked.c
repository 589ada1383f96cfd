// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting requests: ends them at their deadline, or because of a signal to
 * their caller. One source of the main loop serves all of them, since the loop
 * walks over its sources in each turn.
 */
#include "parked.h"

#include <errno.h>

#include "../defaults.h"
#include "proc.h"
#include "reply.h"

/**
 * struct parking - all waiting requests of a tree
 * @clock: source that is dispatched at the next deadline or look
 * @deadlines: struct parked, the earliest first
 * @interrupted: struct parked whose caller has a signal, the next to be looked
 *	at first
 * @look_at: monotonic microseconds of the next look at some of @interrupted
 * @request_timeout_s: age at which the kernel gives up a request, 0 for none
 * @shows_threads: the signals of callers can be read
 */
struct parking {
	GSource *clock;
	GSequence *deadlines;
	GQueue interrupted;
	gint64 look_at;
	guint request_timeout_s;
	gboolean shows_threads;
};

/* The clock may be early: setting it later would cost a system call each time.
 */
static void wake_at(struct parking *parking, gint64 time)
{
	gint64 ready = g_source_get_ready_time(parking->clock);

	if (ready < 0 || time < ready)
		g_source_set_ready_time(parking->clock, time);
}

static void end(struct parked *parked, const char *why)
{
	if (parked->ops->ended)
		parked->ops->ended(parked, why);
	reply_error(parked_take(parked), -EINTR);
}

/* Return FALSE for a wait that goes on, because the signal is only handled. */
static gboolean end_if_signalled(struct parked *parked)
{
	if (parked->ops->outlasts_signals && parked->parking->shows_threads &&
	    !proc_is_ending(fuse_req_ctx(parked->req)->pid))
		return FALSE;
	end(parked, "a signal ended the wait");
	return TRUE;
}

/*
 * The kernel reports no more than one signal for each request, and from then
 * on it waits for the answer even if the caller is killed.
 */
static void watch(struct parked *parked)
{
	struct parking *parking = parked->parking;

	if (g_queue_is_empty(&parking->interrupted))
		parking->look_at =
			g_get_monotonic_time() + VMCFS_SIGNAL_LOOK_US;
	parked->interrupted = TRUE;
	g_queue_push_tail_link(&parking->interrupted, &parked->look);
	wake_at(parking, parking->look_at);
}

static void on_interrupt(fuse_req_t req, void *data)
{
	struct parked *parked = data;

	(void)req;
	if (!parked->interrupted && !end_if_signalled(parked))
		watch(parked);
}

static void look(struct parking *parking, gint64 now)
{
	guint count = MIN(parking->interrupted.length, VMCFS_SIGNAL_LOOKS);

	if (!count || now < parking->look_at)
		return;
	for (guint i = 0; i < count; i++) {
		GList *link = g_queue_pop_head_link(&parking->interrupted);

		g_queue_push_tail_link(&parking->interrupted, link);
		end_if_signalled(link->data);
	}
	parking->look_at = now + VMCFS_SIGNAL_LOOK_US;
}

static struct parked *first_deadline(struct parking *parking)
{
	GSequenceIter *first = g_sequence_get_begin_iter(parking->deadlines);

	return g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
}

static void expire(struct parking *parking, gint64 now)
{
	struct parked *parked;

	while ((parked = first_deadline(parking)) && parked->deadline <= now) {
		if (parked->limited)
			end(parked,
			    "the request timeout of the kernel ended the wait");
		else
			parked->ops->timed_out(parked);
	}
}

static gboolean clock_dispatch(GSource *source, GSourceFunc callback,
			       gpointer data)
{
	struct parking *parking = data;
	gint64 now = g_source_get_time(source);
	struct parked *parked;

	(void)callback;
	look(parking, now);
	expire(parking, now);
	g_source_set_ready_time(source, -1);
	parked = first_deadline(parking);
	if (parked)
		wake_at(parking, parked->deadline);
	if (!g_queue_is_empty(&parking->interrupted))
		wake_at(parking, parking->look_at);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_funcs = { .dispatch = clock_dispatch };

struct parking *parking_new(void)
{
	struct parking *parking = g_new0(struct parking, 1);

	parking->deadlines = g_sequence_new(NULL);
	parking->shows_threads = proc_shows_threads();
	parking->clock = g_source_new(&clock_funcs, sizeof(GSource));
	g_source_set_callback(parking->clock, NULL, parking, NULL);
	g_source_attach(parking->clock, NULL);
	return parking;
}

void parking_free(struct parking *parking)
{
	g_source_destroy(parking->clock);
	g_source_unref(parking->clock);
	g_sequence_free(parking->deadlines);
	g_free(parking);
}

void parking_set_request_timeout(struct parking *parking, guint seconds)
{
	parking->request_timeout_s = seconds;
}

void parking_status(const struct parking *parking, GString *text)
{
	g_string_append_printf(text, "request_timeout_seconds: %u\n",
			       parking->request_timeout_s);
}

static gint compare(gconstpointer a, gconstpointer b, gpointer data)
{
	gint64 first = ((const struct parked *)a)->deadline;
	gint64 second = ((const struct parked *)b)->deadline;

	(void)data;
	return (first > second) - (first < second);
}

static void set_deadline(struct parked *parked, guint timeout_ms)
{
	struct parking *parking = parked->parking;
	guint64 ms = timeout_ms;

	if (parking->request_timeout_s) {
		guint64 limit = (parking->request_timeout_s -
				 VMCFS_KERNEL_TIMEOUT_MARGIN_S) *
				G_GUINT64_CONSTANT(1000);

		parked->limited = !ms || limit < ms;
		ms = parked->limited ? limit : ms;
	}
	if (!ms)
		return;
	parked->deadline = g_get_monotonic_time() + (gint64)ms * 1000;
	parked->place = g_sequence_insert_sorted(parking->deadlines, parked,
						 compare, NULL);
	wake_at(parking, parked->deadline);
}

/*
 * libfuse would call the function at once for a signal that it knows of
 * already, and go on using a request that was answered there.
 */
void parked_init(struct parked *parked, struct parking *parking, fuse_req_t req,
		 GQueue *queue, const struct parked_ops *ops, guint timeout_ms)
{
	*parked = (struct parked){
		.req = req,
		.ops = ops,
		.parking = parking,
		.queue = queue,
		.link = { .data = parked },
		.look = { .data = parked },
	};
	g_queue_push_tail_link(queue, &parked->link);
	set_deadline(parked, timeout_ms);
	if (fuse_req_interrupted(req))
		watch(parked);
	else
		fuse_req_interrupt_func(req, on_interrupt, parked);
}

fuse_req_t parked_take(struct parked *parked)
{
	fuse_req_t req = parked->req;

	g_queue_unlink(parked->queue, &parked->link);
	if (parked->place)
		g_sequence_remove(parked->place);
	if (parked->interrupted)
		g_queue_unlink(&parked->parking->interrupted, &parked->look);
	parked->ops->free(parked);
	return req;
}
