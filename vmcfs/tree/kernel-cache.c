// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel cache: decides which attributes the kernel may cache, and sends the
 * notifications that invalidate them. It does not know what changed.
 */
#include "kernel-cache.h"

#include "../channel/channel.h"
#include "../defaults.h"
#include "../device/device.h"
#include "node.h"
#include "reply.h"

enum cached_state {
	CACHED_NOT,    /* no reply since the last change */
	CACHED_STORED, /* the kernel has the attributes, but may not use them */
	CACHED_USED,   /* it may use them until it is notified */
};

void kernel_cache_init(struct kernel_cache *cache)
{
	*cache = (struct kernel_cache){ 0 };
	for (gsize i = 0; i < CACHED_KINDS; i++)
		cache->nodes[i] = g_hash_table_new(NULL, NULL);
}

void kernel_cache_clear(struct kernel_cache *cache)
{
	for (gsize i = 0; i < CACHED_KINDS; i++)
		g_hash_table_destroy(cache->nodes[i]);
}

static void set_state(struct kernel_cache *cache, enum cached_kind kind,
		      guint64 id, enum cached_state state)
{
	g_hash_table_insert(cache->nodes[kind], GSIZE_TO_POINTER(id),
			    GUINT_TO_POINTER(state));
}

void kernel_cache_mark_request(struct kernel_cache *cache, pid_t thread)
{
	if (!cache->sent || !thread || cache->thread != thread)
		return;
	set_state(cache, cache->kind, cache->sent, CACHED_STORED);
	cache->sent = 0;
}

/* Return: FALSE if the attributes of the node are never cached. */
static gboolean find_kind(const struct node *node, enum cached_kind *kind)
{
	if (node_is_directory(node))
		*kind = CACHED_DIRECTORIES;
	else if (node->type == NODE_HMC_STATUS)
		*kind = CACHED_HMC_STATUS;
	else if (node->type == NODE_STATUS)
		*kind = CACHED_ROOT_STATUS;
	else
		return FALSE;
	return TRUE;
}

double kernel_cache_add(struct tree *tree, const struct node *node,
			pid_t thread)
{
	struct kernel_cache *cache = &tree->cache;
	enum cached_kind kind;

	if (node->type == NODE_README)
		return VMCFS_CACHE_S;
	if (!cache->session || !find_kind(node, &kind))
		return 0;
	/* A status has numbers of the device, which may change unnoticed. */
	if (kind != CACHED_DIRECTORIES &&
	    !device_is_quiet(tree->channel->device))
		return 0;
	cache->kinds |= 1u << kind;
	if (!g_hash_table_lookup(cache->nodes[kind],
				 GSIZE_TO_POINTER(node->id))) {
		cache->sent = node->id;
		cache->kind = kind;
		cache->thread = thread;
		return 0;
	}
	set_state(cache, kind, node->id, CACHED_USED);
	return VMCFS_CACHE_S;
}

/*
 * With a negative offset the kernel invalidates the attributes only. It takes
 * no lock that a request holds, so this does not wait for this thread. An error
 * means that the kernel has no such inode any more.
 */
void kernel_cache_drop(struct tree *tree, enum cached_kind kind)
{
	struct kernel_cache *cache = &tree->cache;
	GHashTableIter iterator;
	gpointer id, state;

	if (kind == CACHED_HMC_STATUS || tree->text_of == tree->status ||
	    tree->text_of == tree->metrics)
		tree->text_of = 0;
	if (!(cache->kinds & 1u << kind))
		return;
	cache->kinds &= ~(1u << kind);
	if (cache->kind == kind)
		cache->sent = 0;
	g_hash_table_iter_init(&iterator, cache->nodes[kind]);
	while (g_hash_table_iter_next(&iterator, &id, &state)) {
		if (GPOINTER_TO_UINT(state) == CACHED_USED)
			fuse_lowlevel_notify_inval_inode(
				cache->session, GPOINTER_TO_SIZE(id), -1, 0);
	}
	g_hash_table_remove_all(cache->nodes[kind]);
}

void kernel_cache_drop_status(struct tree *tree)
{
	kernel_cache_drop(tree, CACHED_HMC_STATUS);
	kernel_cache_drop(tree, CACHED_ROOT_STATUS);
}
