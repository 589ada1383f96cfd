// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tree: allocates the tree and its directories, and finds them. It serves no
 * request.
 */
#include "tree.h"

#include "../channel/channel.h"
#include "pending.h"

static struct hmc_files *files_new(struct tree *tree, struct hmc *hmc)
{
	struct memory *memory = &tree->channel->memory;
	struct hmc_files *files = g_new0(struct hmc_files, 1);

	files->tree = tree;
	files->hmc = hmc;
	files->newest = hmc_names(hmc);
	files->directory = memory_new_ino(memory);
	files->control = memory_new_ino(memory);
	files->status = memory_new_ino(memory);
	clock_gettime(CLOCK_REALTIME, &files->changed);
	g_queue_init(&files->handles);
	g_queue_init(&files->journals);
	for (gsize i = 0; i < WATCH_LISTS; i++)
		g_queue_init(&files->watchers[i]);
	g_queue_init(&files->reads);
	g_queue_init(&files->writes);
	g_queue_init(&files->commands);
	announce_init(files);
	return files;
}

static void add_files(struct tree *tree, struct hmc_files *files)
{
	g_ptr_array_add(tree->files, files);
	g_hash_table_insert(tree->by_ino, GSIZE_TO_POINTER(files->directory),
			    files);
	g_hash_table_insert(tree->by_ino, GSIZE_TO_POINTER(files->control),
			    files);
	g_hash_table_insert(tree->by_ino, GSIZE_TO_POINTER(files->status),
			    files);
}

void tree_add_files(struct tree *tree)
{
	guint wanted = tree->channel->hmcs->len;

	if (tree->files->len < wanted)
		clock_gettime(CLOCK_REALTIME, &tree->grown);
	for (guint i = tree->files->len; i < wanted; i++)
		add_files(tree, files_new(tree, channel_hmc(tree->channel, i)));
}

struct tree *tree_new(struct channel *channel, struct logging *logging,
		      const struct tree_config *config)
{
	struct tree *tree = g_new0(struct tree, 1);

	tree->channel = channel;
	tree->logging = logging;
	tree->silence = "";
	tree->config = *config;
	tree->readme = memory_new_ino(&channel->memory);
	tree->control = memory_new_ino(&channel->memory);
	tree->status = memory_new_ino(&channel->memory);
	tree->metrics = memory_new_ino(&channel->memory);
	clock_gettime(CLOCK_REALTIME, &tree->started);
	tree->grown = tree->started;
	tree->changed = tree->started;
	tree->files = g_ptr_array_new_with_free_func(g_free);
	tree->by_ino = g_hash_table_new(NULL, NULL);
	g_queue_init(&tree->commands);
	kernel_cache_init(&tree->cache);
	tree->text = g_string_new(NULL);
	users_init(&tree->users, config->uid, config->handles,
		   config->handles_per_uid);
	g_queue_init(&tree->texts);
	g_queue_init(&tree->statuses);
	tree->requests = pending_requests_new();
	tree_add_files(tree);
	return tree;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	g_hash_table_destroy(tree->by_ino);
	g_ptr_array_unref(tree->files);
	users_clear(&tree->users);
	kernel_cache_clear(&tree->cache);
	g_string_free(tree->text, TRUE);
	pending_requests_free(tree->requests);
	g_free(tree);
}

struct hmc_files *tree_files(const struct tree *tree, guint index)
{
	return index < tree->files->len ?
		       g_ptr_array_index(tree->files, index) :
		       NULL;
}

struct hmc_files *tree_find_files(const struct tree *tree, guint64 ino)
{
	return g_hash_table_lookup(tree->by_ino, GSIZE_TO_POINTER(ino));
}
