// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wakeups: connects events of the channel with the requests that wait for them.
 * It answers no request by itself.
 *
 * An event only sets flags. Requests are answered later, from the main loop,
 * because an answer can cause the next event.
 */
#include "serve.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../channel/hmc.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "files.h"
#include "pending.h"
#include "reply.h"

/* Dispatches of the device after a request. */
#define SETTLE_DISPATCHES 8

static void on_changed(void *data)
{
	struct tree *tree = data;

	clock_gettime(CLOCK_REALTIME, &tree->changed);
	tree_add_files(tree);
	for (gsize i = 0; i < CACHED_KINDS; i++)
		kernel_cache_drop(tree, i);
	tree->wake_due = TRUE;
	announce_root(tree);
}

/* A message that was just added has its time already. */
static void note_time(struct hmc_files *files)
{
	const struct log *log = files->hmc->log;

	if (files->known.total != log->total)
		files->changed = log->current->modified;
	else
		clock_gettime(CLOCK_REALTIME, &files->changed);
}

static void on_hmc_changed(void *data, struct hmc *hmc)
{
	struct tree *tree = data;
	struct hmc_files *files = tree_files(tree, hmc->index);
	guint64 newest = hmc_names(hmc);

	note_time(files);
	if (files->newest != newest)
		kernel_cache_drop(tree, CACHED_DIRECTORIES);
	files->newest = newest;
	kernel_cache_drop_status(tree);
	files->wake_due = TRUE;
	tree->wake_due = TRUE;
}

static void wake_files(struct hmc_files *files)
{
	if (!files->wake_due)
		return;
	files->wake_due = FALSE;
	control_wake(&files->commands);
	message_wake(files);
	announce_changes(files);
}

gboolean wakeups_run(struct tree *tree)
{
	gboolean due = tree->wake_due;

	while (tree->wake_due) {
		tree->wake_due = FALSE;
		kernel_cache_drop_status(tree);
		control_wake(&tree->commands);
		for (guint i = 0; i < tree->files->len; i++)
			wake_files(tree_files(tree, i));
	}
	return due;
}

enum device_work wakeups_settle(struct tree *tree)
{
	guint dispatches = SETTLE_DISPATCHES;
	enum device_work work;

	do {
		work = device_dispatch(tree->channel->device);
		if (wakeups_run(tree))
			work = DEVICE_WORK_NOW;
	} while (work == DEVICE_WORK_NOW && --dispatches);
	return work;
}

struct wakeups_source {
	GSource source;
	struct tree *tree;
};

static gboolean wakeups_prepare(GSource *source, gint *timeout)
{
	*timeout = -1;
	return ((struct wakeups_source *)source)->tree->wake_due;
}

static gboolean wakeups_check(GSource *source)
{
	return ((struct wakeups_source *)source)->tree->wake_due;
}

static gboolean wakeups_dispatch(GSource *source, GSourceFunc callback,
				 gpointer data)
{
	(void)callback;
	(void)data;
	wakeups_run(((struct wakeups_source *)source)->tree);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs wakeups_funcs = {
	.prepare = wakeups_prepare,
	.check = wakeups_check,
	.dispatch = wakeups_dispatch,
};

static const struct channel_listener listener = {
	.hmc_changed = on_hmc_changed,
	.changed = on_changed,
};

GSource *wakeups_start(struct tree *tree)
{
	GSource *source =
		g_source_new(&wakeups_funcs, sizeof(struct wakeups_source));

	((struct wakeups_source *)source)->tree = tree;
	g_source_attach(source, NULL);
	channel_listen(tree->channel, &listener, tree);
	return source;
}

static void end_requests(GQueue *queue)
{
	struct pending *pending;

	while ((pending = g_queue_peek_head(queue)))
		reply_error(pending_take(pending, PROBE_WAKE_UNMOUNT), -ENODEV);
}

static void end_files(struct hmc_files *files)
{
	struct handle *handle;

	end_requests(&files->commands);
	end_requests(&files->reads);
	end_requests(&files->writes);
	while ((handle = g_queue_peek_head(&files->handles)))
		message_release(handle);
	while ((handle = g_queue_peek_head(&files->journals)))
		journal_file_release(handle);
}

static void end_texts(GQueue *handles)
{
	struct handle *handle;

	while ((handle = g_queue_peek_head(handles)))
		handle_free(handle);
}

void wakeups_stop(struct tree *tree, GSource *source)
{
	channel_listen(tree->channel, NULL, NULL);
	g_source_destroy(source);
	g_source_unref(source);
	end_requests(&tree->commands);
	for (guint i = 0; i < tree->files->len; i++)
		end_files(tree_files(tree, i));
	end_texts(&tree->texts);
	end_texts(&tree->statuses);
}
