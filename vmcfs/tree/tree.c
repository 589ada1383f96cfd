// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Building a tree, and passing on what the channel tells to the files that
 * wait for it.
 */
#include "tree.h"

#include <errno.h>

#include "../channel/channel.h"
#include "control.h"
#include "handle.h"
#include "message.h"
#include "parked.h"
#include "reply.h"

static struct hmc_files *files_new(struct tree *tree, struct hmc *hmc)
{
	struct memory *memory = &tree->channel->memory;
	struct hmc_files *files = g_new0(struct hmc_files, 1);

	files->tree = tree;
	files->hmc = hmc;
	files->directory = memory_new_ino(memory);
	files->control = memory_new_ino(memory);
	files->status = memory_new_ino(memory);
	clock_gettime(CLOCK_REALTIME, &files->changed);
	g_queue_init(&files->handles);
	g_queue_init(&files->reads);
	g_queue_init(&files->writes);
	g_queue_init(&files->commands);
	return files;
}

static void add_files(struct tree *tree)
{
	while (tree->files->len < tree->channel->hmcs->len)
		g_ptr_array_add(
			tree->files,
			files_new(tree, channel_hmc(tree->channel,
						    tree->files->len)));
}

static void on_changed(void *data)
{
	struct tree *tree = data;

	clock_gettime(CLOCK_REALTIME, &tree->changed);
	add_files(tree);
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

void tree_settle(struct tree *tree)
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
	tree_settle(((struct settle_source *)source)->tree);
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

struct tree *tree_new(struct channel *channel, struct logging *logging,
		      const struct tree_config *config)
{
	struct tree *tree = g_new0(struct tree, 1);

	tree->channel = channel;
	tree->logging = logging;
	tree->config = *config;
	tree->readme = memory_new_ino(&channel->memory);
	tree->control = memory_new_ino(&channel->memory);
	tree->status = memory_new_ino(&channel->memory);
	clock_gettime(CLOCK_REALTIME, &tree->started);
	tree->changed = tree->started;
	tree->files = g_ptr_array_new_with_free_func(g_free);
	g_queue_init(&tree->commands);
	g_queue_init(&tree->texts);
	add_files(tree);
	channel_listen(channel, &listener, tree);
	tree->settle = g_source_new(&settle_funcs,
				    sizeof(struct settle_source));
	((struct settle_source *)tree->settle)->tree = tree;
	g_source_attach(tree->settle, NULL);
	return tree;
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

void tree_free(struct tree *tree)
{
	struct handle *handle;

	if (!tree)
		return;
	channel_listen(tree->channel, NULL, NULL);
	g_source_destroy(tree->settle);
	g_source_unref(tree->settle);
	end_requests(&tree->commands);
	for (guint i = 0; i < tree->files->len; i++)
		end_files(tree_files(tree, i));
	while ((handle = g_queue_peek_head(&tree->texts)))
		handle_free(handle);
	g_ptr_array_unref(tree->files);
	g_free(tree);
}

struct hmc_files *tree_files(const struct tree *tree, guint index)
{
	return index < tree->files->len ?
		       g_ptr_array_index(tree->files, index) :
		       NULL;
}
