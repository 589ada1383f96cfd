// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open files as memory. What an open file can do stands in message.c, control.c
 * and text-file.c.
 */
#include "handle.h"

struct handle *handle_new(enum handle_type type, const struct node *node,
			  GQueue *queue)
{
	struct handle *handle = g_new0(struct handle, 1);

	handle->type = type;
	handle->node = *node;
	handle->queue = queue;
	handle->link.data = handle;
	g_queue_push_tail_link(queue, &handle->link);
	return handle;
}

void handle_free(struct handle *handle)
{
	g_queue_unlink(handle->queue, &handle->link);
	handle_set_poll(handle, NULL);
	if (handle->text)
		g_string_free(handle->text, TRUE);
	g_free(handle);
}

struct handle *handle_from(const struct fuse_file_info *info)
{
	return (struct handle *)(guintptr)info->fh;
}

void handle_set_poll(struct handle *handle, struct fuse_pollhandle *poll)
{
	if (handle->poll)
		fuse_pollhandle_destroy(handle->poll);
	handle->poll = poll;
}

/* Who is told looks again, and asks anew if it still has to wait. */
void handle_notify_poll(struct handle *handle)
{
	if (!handle->poll)
		return;
	fuse_lowlevel_notify_poll(handle->poll);
	handle_set_poll(handle, NULL);
}
