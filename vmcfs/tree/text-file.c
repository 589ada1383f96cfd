// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text file: opens and reads README, status and control files. It does not
 * handle writes: control.c does.
 *
 * A control file opened for writing is a stream, so that several commands can
 * be pending on one descriptor.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>

#include "../channel/channel.h"

static struct last_error *last_error_of(struct tree *tree,
					const struct node *node)
{
	return node->files ? &node->files->hmc->last_error :
			     &tree->channel->last_error;
}

void text_file_open(fuse_req_t req, struct tree *tree, const struct node *node,
		    int flags)
{
	gboolean writes = (flags & O_ACCMODE) != O_RDONLY;
	gboolean counts =
		node->type == NODE_STATUS || node->type == NODE_METRICS;
	GQueue *queue = counts ? &tree->statuses : &tree->texts;
	struct handle *handle;

	if (writes && node->type != NODE_CONTROL &&
	    node->type != NODE_HMC_CONTROL) {
		reply_error(req, -EACCES);
		return;
	}
	handle = handle_new(req, HANDLE_TEXT, node, queue,
			    last_error_of(tree, node));
	if (!handle) {
		reply_error(req, -ENFILE);
		return;
	}
	handle->stream = writes;
	if (!reply_opened(req, handle,
			  writes ? REPLY_OPEN_STREAM : REPLY_OPEN_PLAIN))
		handle_free(handle);
}

/* Keeps the text unchanged for the following reads. */
static int keep_text(struct tree *tree, struct handle *handle,
		     const GString *text)
{
	if (handle_keep_text(handle, text))
		return 0;
	kernel_cache_drop_status(tree);
	return last_error_set(
		last_error_of(tree, &handle->node), -ENFILE,
		"read: user %u reads too many files in parts; read each by one call",
		handle->user->uid);
}

static gboolean reply_part(fuse_req_t req, struct handle *handle,
			   const GString *text, guint64 from, gsize size)
{
	gsize len = MIN(size, text->len - from);
	gboolean received = reply_data(req, text->str + from, len, size);

	handle->text_len = text->len;
	resume_mark_read(&handle->resume, from, len, size);
	if (received)
		handle->position = from + len;
	return received && from + len == text->len;
}

static void read_new(fuse_req_t req, struct tree *tree, struct handle *handle,
		     gsize size, guint64 from)
{
	const GString *text = node_text(tree, &handle->node);
	gboolean whole;
	int error = 0;

	from = MIN(from, text->len);
	whole = size >= text->len - from;
	if (!whole || user_has_spare_texts(handle->user))
		error = keep_text(tree, handle, text);
	if (error) {
		reply_error(req, error);
		return;
	}
	reply_part(req, handle, text, from, size);
}

/* A text that was read to its end is kept for seeks back if there is room. */
static void read_on(fuse_req_t req, struct handle *handle, gsize size,
		    guint64 from)
{
	if (reply_part(req, handle, handle->text, from, size) &&
	    !user_has_spare_texts(handle->user))
		handle_drop_text(handle);
}

void text_file_read(fuse_req_t req, struct tree *tree, struct handle *handle,
		    gsize size, guint64 offset)
{
	guint64 from = handle->stream ? handle->position : offset;

	if (!from)
		handle_drop_text(handle);
	if (!size || (from && handle->text_len && from >= handle->text_len)) {
		resume_mark_read(&handle->resume, from, 0, size);
		reply_data(req, NULL, 0, 0);
	} else if (handle->text) {
		read_on(req, handle, size, from);
	} else {
		read_new(req, tree, handle, size, from);
	}
}

void text_file_rewind(struct handle *handle)
{
	if (handle->stream)
		handle->position = 0;
}
