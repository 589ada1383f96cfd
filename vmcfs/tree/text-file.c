// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Snapshots. Who opens a control file to write gets a stream, so that several
 * commands may be under way on one descriptor.
 */
#include "text-file.h"

#include <errno.h>
#include <fcntl.h>

#include "reply.h"

void text_file_open(fuse_req_t req, struct tree *tree, const struct node *node,
		    int flags)
{
	gboolean writes = (flags & O_ACCMODE) != O_RDONLY;
	struct handle *handle;

	if (writes && node->type != NODE_CONTROL &&
	    node->type != NODE_HMC_CONTROL) {
		reply_error(req, -EACCES);
		return;
	}
	handle = handle_new(HANDLE_TEXT, node, &tree->texts);
	handle->stream = writes;
	handle->text = node_text(tree, node);
	if (!reply_opened(req, handle,
			  writes ? REPLY_OPEN_STREAM : REPLY_OPEN_PLAIN))
		handle_free(handle);
}

void text_file_read(fuse_req_t req, struct handle *handle, gsize size,
		    guint64 offset)
{
	guint64 from = handle->stream ? handle->position : offset;
	gsize len = handle->text->len;

	from = MIN(from, len);
	len = MIN(size, len - from);
	if (reply_data(req, handle->text->str + from, len, size))
		handle->position = from + len;
}
