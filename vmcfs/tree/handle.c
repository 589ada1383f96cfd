// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open files as memory. What an open file can do stands in message.c, control.c
 * and text-file.c.
 */
#include "handle.h"

#include <errno.h>

#include "../channel/last-error.h"
#include "../defaults.h"

/* The allocator adds a word, and a poll handle of libfuse takes 32 bytes. */
G_STATIC_ASSERT(sizeof(struct handle) + 40 <= VMCFS_HANDLE_BYTES);

struct handle *handle_new(fuse_req_t req, enum handle_type type,
			  const struct node *node, GQueue *queue,
			  struct last_error *last)
{
	struct tree *tree = fuse_req_userdata(req);
	g_autofree char *why = NULL;
	struct user *user =
		users_open(&tree->users, fuse_req_ctx(req)->uid, &why);
	struct handle *handle;

	if (!user) {
		last_error_set(last, -ENFILE, "open: %s", why);
		return NULL;
	}
	handle = g_new0(struct handle, 1);
	handle->type = type;
	handle->user = user;
	handle->node = *node;
	handle->queue = queue;
	handle->link.data = handle;
	handle->watch_link.data = handle;
	g_queue_push_tail_link(queue, &handle->link);
	return handle;
}

void handle_free(struct handle *handle)
{
	g_queue_unlink(handle->queue, &handle->link);
	handle_set_poll(handle, NULL, NULL);
	handle_drop_text(handle);
	user_close(handle->user);
	g_free(handle);
}

gboolean handle_keep_text(struct handle *handle, GString *text)
{
	if (!user_keep_text(handle->user))
		return FALSE;
	handle->text = text;
	return TRUE;
}

void handle_drop_text(struct handle *handle)
{
	if (!handle->text)
		return;
	g_string_free(handle->text, TRUE);
	handle->text = NULL;
	user_drop_text(handle->user);
}

struct handle *handle_from(const struct fuse_file_info *info)
{
	return (struct handle *)(guintptr)info->fh;
}

void handle_set_poll(struct handle *handle, struct fuse_pollhandle *poll,
		     GQueue *watchers)
{
	if (handle->poll) {
		fuse_pollhandle_destroy(handle->poll);
		g_queue_unlink(handle->watchers, &handle->watch_link);
	}
	handle->poll = poll;
	handle->watchers = watchers;
	if (poll)
		g_queue_push_tail_link(watchers, &handle->watch_link);
}

/* The callers poll again, and register again if they still have to wait. */
void handle_notify_poll(struct handle *handle)
{
	fuse_lowlevel_notify_poll(handle->poll);
	handle_set_poll(handle, NULL, NULL);
}
