// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the channel's listener to the requests that wait. Events are only noted
 * when they come; what they lead to is done from the top of the main loop.
 */
#include "settle.h"

#include <errno.h>

#include "../channel/channel.h"
#include "control.h"
#include "handle.h"
#include "message.h"
#include "parked.h"
#include "reply.h"
#include "tree.h"

static void on_changed(void *data)
{
	struct tree *tree = data;

	clock_gettime(CLOCK_REALTIME, &tree->changed);
	tree_add_files(tree);
	tree->unsettled = TRUE;
}

static void on_hmc_changed(void *data, struct hmc *hmc)
{
	struct tree *tree = data;
	struct hmc_files *files = tree_files(tree, hmc->index);

	clock_gettime(CLOCK_REALTIME, &files->changed);
	files->unsettled = TRUE;
	tree->unsettled = TRUE;
}

static void settle_files(struct hmc_files *files)
{
	if (!files->unsettled)
		return;
	files->unsettled = FALSE;
	control_wake(&files->commands);
	message_wake(files);
}

void settle(struct tree *tree)
{
	while (tree->unsettled) {
		tree->unsettled = FALSE;
		control_wake(&tree->commands);
		for (guint i = 0; i < tree->files->len; i++)
			settle_files(tree_files(tree, i));
	}
}

struct settle_source {
	GSource source;
	struct tree *tree;
};

static gboolean settle_prepare(GSource *source, gint *timeout)
{
	*timeout = -1;
	return ((struct settle_source *)source)->tree->unsettled;
}

static gboolean settle_check(GSource *source)
{
	return ((struct settle_source *)source)->tree->unsettled;
}

static gboolean settle_dispatch(GSource *source, GSourceFunc callback,
				gpointer data)
{
	(void)callback;
	(void)data;
	settle(((struct settle_source *)source)->tree);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs settle_funcs = {
	.prepare = settle_prepare,
	.check = settle_check,
	.dispatch = settle_dispatch,
};

static const struct channel_listener listener = {
	.hmc_changed = on_hmc_changed,
	.changed = on_changed,
};

GSource *settle_start(struct tree *tree)
{
	GSource *source =
		g_source_new(&settle_funcs, sizeof(struct settle_source));

	((struct settle_source *)source)->tree = tree;
	g_source_attach(source, NULL);
	channel_listen(tree->channel, &listener, tree);
	return source;
}

static void end_requests(GQueue *queue)
{
	struct parked *parked;

	while ((parked = g_queue_peek_head(queue)))
		reply_error(parked_take(parked), -ENODEV);
}

static void end_files(struct hmc_files *files)
{
	struct handle *handle;

	end_requests(&files->commands);
	end_requests(&files->reads);
	end_requests(&files->writes);
	while ((handle = g_queue_peek_head(&files->handles)))
		message_release(handle);
}

static void end_texts(GQueue *handles)
{
	struct handle *handle;

	while ((handle = g_queue_peek_head(handles)))
		handle_free(handle);
}

void settle_stop(struct tree *tree, GSource *source)
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
