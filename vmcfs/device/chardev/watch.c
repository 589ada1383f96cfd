// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watch: a GSource over one descriptor, with a ready time; and the delays of
 * repeated attempts. It does not read or write the descriptor.
 *
 * The main loop polls an epoll descriptor: while a thread is in poll(2), the
 * files that it polls are not released by close(2) in another thread.
 */
#include "watch.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "../../defaults.h"
#include "../../notice.h"

/* G_IO_IN and others have the values of poll(2), and so have EPOLLIN and others. */
G_STATIC_ASSERT((int)G_IO_IN == (int)EPOLLIN);
G_STATIC_ASSERT((int)G_IO_OUT == (int)EPOLLOUT);
G_STATIC_ASSERT((int)G_IO_PRI == (int)EPOLLPRI);
G_STATIC_ASSERT((int)G_IO_ERR == (int)EPOLLERR);
G_STATIC_ASSERT((int)G_IO_HUP == (int)EPOLLHUP);

/**
 * struct watch - an event source
 * @source: head
 * @fd: descriptor to wait for, or -1
 * @set: epoll descriptor with @fd, or -1
 * @func: callback
 * @data: its argument
 */
struct watch {
	GSource source;
	int fd;
	int set;
	watch_func *func;
	void *data;
};

/* Current conditions: another thread may have changed them since poll(2). */
static GIOCondition conditions(const struct watch *watch)
{
	struct epoll_event event;

	if (watch->set < 0 || epoll_wait(watch->set, &event, 1, 0) != 1)
		return 0;
	return (GIOCondition)event.events;
}

static gboolean watch_dispatch(GSource *source, GSourceFunc callback,
			       gpointer data)
{
	struct watch *watch = (struct watch *)source;
	gint64 time = g_source_get_ready_time(source);
	gboolean due = time >= 0 && time <= g_source_get_time(source);

	(void)callback;
	(void)data;
	if (due)
		g_source_set_ready_time(source, -1);
	watch->func(watch->data, conditions(watch), due);
	return G_SOURCE_CONTINUE;
}

static void watch_finalize(GSource *source)
{
	struct watch *watch = (struct watch *)source;

	if (watch->set >= 0)
		close(watch->set);
}

static GSourceFuncs watch_funcs = {
	.dispatch = watch_dispatch,
	.finalize = watch_finalize,
};

static int control(const struct watch *watch, int operation,
		   GIOCondition condition)
{
	struct epoll_event event = { .events = condition };

	return epoll_ctl(watch->set, operation, watch->fd, &event) ? -errno : 0;
}

int watch_new(int fd, GIOCondition condition, watch_func *func, void *data,
	      struct watch **result)
{
	GSource *source = g_source_new(&watch_funcs, sizeof(struct watch));
	struct watch *watch = (struct watch *)source;
	int error = 0;

	watch->fd = fd;
	watch->set = -1;
	watch->func = func;
	watch->data = data;
	/* Saves the write to GLib's wake-up descriptor at each dispatch. */
	g_source_set_can_recurse(source, TRUE);
	if (fd >= 0) {
		watch->set = epoll_create1(EPOLL_CLOEXEC);
		error = watch->set < 0 ?
				-errno :
				control(watch, EPOLL_CTL_ADD, condition);
	}
	if (error) {
		g_source_unref(source);
		return error;
	}
	if (fd >= 0)
		g_source_add_unix_fd(source, watch->set, G_IO_IN);
	g_source_attach(source, NULL);
	*result = watch;
	return 0;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	g_source_destroy(&watch->source);
	g_source_unref(&watch->source);
}

/*
 * epoll asks a file for its wait queues only when it is added, and the in-tree
 * driver has none before the session is open: the file is added again.
 */
void watch_set_condition(struct watch *watch, GIOCondition condition)
{
	int error;

	control(watch, EPOLL_CTL_DEL, 0);
	error = control(watch, EPOLL_CTL_ADD, condition);
	if (error)
		notice_mount(
			NOTICE_NOT_WATCHED,
			"a session cannot be waited for: %s; close it, and open it again",
			g_strerror(-error));
}

void watch_set_delay(struct watch *watch, guint ms)
{
	g_source_set_ready_time(&watch->source,
				g_get_monotonic_time() + (gint64)ms * 1000);
}

void backoff_init(struct backoff *backoff, gint64 now, guint limit_ms)
{
	backoff->delay_ms = VMCFS_RETRY_MIN_MS;
	backoff->deadline = now + (gint64)limit_ms * 1000;
}

guint backoff_next(struct backoff *backoff)
{
	guint delay_ms = backoff->delay_ms;

	backoff->delay_ms = MIN(2 * delay_ms, VMCFS_RETRY_MAX_MS);
	return delay_ms;
}

gboolean backoff_is_over(const struct backoff *backoff, gint64 now)
{
	return now >= backoff->deadline;
}
