// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recognition of resumed reads. poll(2), select(2), epoll(7) and poll requests
 * of io_uring always ask for POLLHUP; the poll between a short read and the rest
 * does not.
 */
#include "resume.h"

#include <poll.h>

/*
 * The kernel puts 1 MiB into one request at most, or less by up to two pages if
 * the memory is not aligned.
 */
#define REQUEST_MAX (1024 * 1024)
#define LARGE_REQUEST (REQUEST_MAX - 2 * 65536)

#define RESUME_EVENTS (POLLIN | POLLRDNORM | POLLPRI | POLLERR)

/* A read that returned nothing, or all it was asked for, has no rest. */
void resume_note_poll(struct resume *resume, unsigned int events)
{
	const struct read_span *done = &resume->done;

	if ((events & (RESUME_EVENTS | POLLHUP)) != RESUME_EVENTS)
		return;
	resume->short_read = *done;
	resume->pending = done->left && done->end != done->last;
}

/*
 * The rest has the size that was left. A read of more than the kernel puts into
 * one request has some bytes more; and its last request had another offset.
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

void resume_note_read(struct resume *resume, guint64 offset, gsize len,
		      gsize size)
{
	if (offset != resume->done.end)
		resume->done.run = offset;
	resume->done.last = offset;
	resume->done.end = offset + len;
	resume->done.left = size - len;
}
