// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Handle: allocates and counts open files, and recognises resumed reads. What
 * an open file can do is in message.c, control.c and text-file.c.
 */
#include "handle.h"

#include <errno.h>
#include <poll.h>

#include "../errors.h"
#include "../defaults.h"

/* The 40 bytes are a word of the allocator and a poll handle of libfuse. */
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
		kernel_cache_drop_status(tree);
		last_error_set(last, -ENFILE, "open: %s", why);
		return NULL;
	}
	handle = g_new0(struct handle, 1);
	handle->type = type;
	handle->user = user;
	handle->opener = fuse_req_ctx(req)->pid;
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

gboolean handle_keep_text(struct handle *handle, const GString *text)
{
	if (!user_keep_text(handle->user))
		return FALSE;
	handle->text = g_string_new_len(text->str, (gssize)text->len);
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

/* The callers repeat poll(2), which registers them again if needed. */
void handle_notify_poll(struct handle *handle)
{
	fuse_lowlevel_notify_poll(handle->poll);
	handle_set_poll(handle, NULL, NULL);
}

/*
 * A read request of the kernel has at most 1 MiB, and up to two pages less if
 * the memory of the caller is not aligned.
 */
#define REQUEST_MAX (1024 * 1024)
#define LARGE_REQUEST (REQUEST_MAX - 2 * 65536)

/*
 * poll(2), select(2), epoll(7) and poll requests of io_uring always ask for
 * POLLHUP; the poll between a short read and its rest does not.
 */
#define RESUME_EVENTS (POLLIN | POLLRDNORM | POLLPRI | POLLERR)

/* A read that returned nothing, or all that was requested, has no rest. */
void resume_mark_poll(struct resume *resume, unsigned int events)
{
	const struct read_span *done = &resume->done;

	if ((events & (RESUME_EVENTS | POLLHUP)) != RESUME_EVENTS)
		return;
	resume->short_read = *done;
	resume->pending = done->left && done->end != done->last;
}

/*
 * The rest has the size that was left. If the read was split into several
 * requests, the size may be greater, and the offset is that of the first one.
 */
static gboolean is_rest(const struct read_span *before, guint64 offset,
			gsize size)
{
	gsize asked = before->end - before->last + before->left;
	gsize more = asked >= LARGE_REQUEST ? REQUEST_MAX - LARGE_REQUEST : 0;

	if (offset == before->last || offset == before->end)
		return size >= before->left && size <= before->left + more;
	return offset == before->run;
}

guint64 resume_offset(struct resume *resume, guint64 offset, gsize size)
{
	if (!resume->pending || !is_rest(&resume->short_read, offset, size))
		return offset;
	resume->pending = FALSE;
	return resume->short_read.end;
}

void resume_mark_read(struct resume *resume, guint64 offset, gsize len,
		      gsize size)
{
	if (offset != resume->done.end)
		resume->done.run = offset;
	resume->done.last = offset;
	resume->done.end = offset + len;
	resume->done.left = size - len;
}
