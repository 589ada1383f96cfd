// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watch: a GSource over one descriptor, with a ready time; and the delays of
 * repeated attempts. It does not read or write the descriptor.
 */
#include "watch.h"

#include "../../defaults.h"

struct watch {
	GSource source;
	gpointer tag;
	watch_func *func;
	void *data;
};

static gboolean watch_dispatch(GSource *source, GSourceFunc callback,
			       gpointer data)
{
	struct watch *watch = (struct watch *)source;
	GIOCondition condition =
		watch->tag ? g_source_query_unix_fd(source, watch->tag) : 0;
	gint64 time = g_source_get_ready_time(source);
	gboolean due = time >= 0 && time <= g_source_get_time(source);

	(void)callback;
	(void)data;
	if (due)
		g_source_set_ready_time(source, -1);
	watch->func(watch->data, condition, due);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs watch_funcs = { .dispatch = watch_dispatch };

struct watch *watch_new(int fd, GIOCondition condition, watch_func *func,
			void *data)
{
	GSource *source = g_source_new(&watch_funcs, sizeof(struct watch));
	struct watch *watch = (struct watch *)source;

	watch->tag = NULL;
	watch->func = func;
	watch->data = data;
	/* Saves the write to GLib's wake-up descriptor at each dispatch. */
	g_source_set_can_recurse(source, TRUE);
	if (fd >= 0)
		watch->tag = g_source_add_unix_fd(source, fd, condition);
	g_source_attach(source, NULL);
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	g_source_destroy(&watch->source);
	g_source_unref(&watch->source);
}

void watch_set_condition(struct watch *watch, GIOCondition condition)
{
	g_source_modify_unix_fd(&watch->source, watch->tag, condition);
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
