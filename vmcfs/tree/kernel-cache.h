/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel cache: remembers the nodes whose attributes the kernel may have
 * cached, and invalidates them when they change. It caches nothing itself.
 *
 * The kernel answers stat(2) from its cache, so a change has to be reported
 * before any reply or notification that reveals it. Nodes that nobody has
 * looked at since the last change cost nothing.
 *
 * Only directories and status files are cached. A notification makes the kernel
 * discard replies that it has not handled yet, and so does the end of a write
 * to the file. stat(2) still returns what they say, but SEEK_END and
 * sendfile(2) then use an older size. Besides, the kernel marks attributes as
 * valid before it has stored all of them. Both are harmless if the kernel has
 * stored the same attributes before, from a reply that it may not cache. It has
 * when the thread that got this reply sends its next request.
 */
#ifndef VMCFS_KERNEL_CACHE_H
#define VMCFS_KERNEL_CACHE_H

#include <sys/types.h>

#include <glib.h>

struct fuse_session;
struct node;
struct tree;

/* Nodes whose attributes change together. */
enum cached_kind {
	CACHED_DIRECTORIES,
	CACHED_HMC_STATUS,
	CACHED_ROOT_STATUS,
	CACHED_KINDS,
};

/**
 * struct kernel_cache - nodes that the kernel may have cached
 * @session: gets the notifications; NULL while the tree is not served
 * @nodes: enum cached_state by node number, for each enum cached_kind
 * @sent: number of the node in the last reply that the kernel may not cache, 0
 *	if something has changed since
 * @kind: kind of this node
 * @thread: thread that got this reply
 * @kinds: kinds that may have a node, in @nodes or as @sent: one bit for each
 */
struct kernel_cache {
	struct fuse_session *session;
	GHashTable *nodes[CACHED_KINDS];
	guint64 sent;
	enum cached_kind kind;
	pid_t thread;
	guint kinds;
};

/**
 * kernel_cache_init() - begin without a node
 * @cache: any memory
 */
void kernel_cache_init(struct kernel_cache *cache);

/**
 * kernel_cache_clear() - free the memory of a cache
 * @cache: initialized
 */
void kernel_cache_clear(struct kernel_cache *cache);

/**
 * kernel_cache_mark_request() - mark that a thread has handled its last reply
 * @cache: any cache
 * @thread: thread that sent a request, 0 if it has no number here
 */
void kernel_cache_mark_request(struct kernel_cache *cache, pid_t thread);

/**
 * kernel_cache_add() - may the kernel cache the attributes in a reply?
 * @tree: tree of the node
 * @node: node that the request refers to by its number, so that the kernel has
 *	it: a notification for one that it does not have yet would be lost
 * @thread: thread that gets the reply
 *
 * Return: seconds for which it may, or 0.
 */
double kernel_cache_add(struct tree *tree, const struct node *node,
			pid_t thread);

/**
 * kernel_cache_drop() - invalidate the attributes of nodes
 * @tree: tree of the nodes
 * @kind: enum cached_kind
 *
 * Called in the turn of the main loop in which they change, before any reply
 * that reveals the change.
 */
void kernel_cache_drop(struct tree *tree, enum cached_kind kind);

/**
 * kernel_cache_drop_status() - invalidate the attributes of all status files
 * @tree: any tree
 */
void kernel_cache_drop_status(struct tree *tree);

#endif
