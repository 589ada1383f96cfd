// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reply: calls the reply functions of libfuse, and reads and writes the connection
 * for it. It retries nothing: a failure means that the caller is gone, which
 * matters only to functions that passed an object to it.
 */
#include "reply.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../errors.h"
#include "../usdt.h"
#include "tree.h"

/* New in Linux 6.2; older kernels ignore it. */
#ifndef FOPEN_PARALLEL_DIRECT_WRITES
#define FOPEN_PARALLEL_DIRECT_WRITES (1 << 6)
#endif

/* Greatest errno that the kernel accepts from a file system. */
#define ERRNO_MAX 511

/* Largest answer, with its header, that is copied to be sent by one write. */
#define JOINED_MAX 1024

static ssize_t take_request(int fd, void *buffer, size_t size, void *data)
{
	(void)data;
	return read(fd, buffer, size);
}

/*
 * The kernel looks up each page that it reads from, which takes longer than to
 * copy a small part. The alignment keeps the buffer within one page.
 */
static ssize_t send_parts(int fd, struct iovec *parts, int count, void *data)
{
	_Alignas(JOINED_MAX) char joined[JOINED_MAX];
	size_t size = 0;

	(void)data;
	for (int i = 0; i < count; i++) {
		if (parts[i].iov_len > sizeof(joined) - size)
			return writev(fd, parts, count);
		memcpy(joined + size, parts[i].iov_base, parts[i].iov_len);
		size += parts[i].iov_len;
	}
	return write(fd, joined, size);
}

static const struct fuse_custom_io connection_io = {
	.read = take_request,
	.writev = send_parts,
};

int reply_connect(struct fuse_session *session, int connection)
{
	return fuse_session_custom_io(session, &connection_io, connection);
}

/* @result: 0, or the negative errno of an answer that was not delivered. */
static gboolean done(const char *what, int result)
{
	if (result)
		g_debug("an answer (%s) was not delivered: %s", what,
			g_strerror(-result));
	return result == 0;
}

struct caller reply_caller(fuse_req_t req)
{
	const struct fuse_ctx *context = fuse_req_ctx(req);

	return (struct caller){ .known = TRUE,
				.uid = context->uid,
				.pid = context->pid };
}

void reply_error(fuse_req_t req, int error)
{
	int number = error < -ERRNO_MAX ? EIO : -error;

	PROBE_REPLY_OUT(req, number, 0);
	if (number)
		g_debug("a request of process %d was answered with %s",
			(int)fuse_req_ctx(req)->pid, error_name(number));
	done("error", fuse_reply_err(req, number));
}

gboolean reply_data(fuse_req_t req, gconstpointer data, gsize len, gsize size)
{
	struct tree *tree = fuse_req_userdata(req);

	len = MIN(len, size);
	tree->answered = len;
	PROBE_REPLY_OUT(req, 0, len);
	return done("data", fuse_reply_buf(req, data, len));
}

void reply_written(fuse_req_t req, gsize len)
{
	PROBE_REPLY_OUT(req, 0, len);
	done("write", fuse_reply_write(req, len));
}

void reply_attributes(fuse_req_t req, const struct stat *attributes,
		      double timeout_s)
{
	PROBE_REPLY_OUT(req, 0, 0);
	done("attributes", fuse_reply_attr(req, attributes, timeout_s));
}

void reply_entry(fuse_req_t req, guint64 id, const struct stat *attributes,
		 double entry_timeout_s, double timeout_s)
{
	struct fuse_entry_param entry = {
		.ino = id,
		.attr = *attributes,
		.attr_timeout = timeout_s,
		.entry_timeout = entry_timeout_s,
	};

	PROBE_REPLY_OUT(req, 0, 0);
	done("entry", fuse_reply_entry(req, &entry));
}

/*
 * The answer is built here because libfuse has no field for FOPEN_STREAM.
 * Without that flag a pending read blocks writes on the same descriptor.
 */
gboolean reply_opened(fuse_req_t req, gpointer handle, enum reply_open how)
{
	struct fuse_open_out answer = {
		.fh = (guint64)(guintptr)handle,
		.open_flags = FOPEN_DIRECT_IO | FOPEN_NOFLUSH,
	};

	if (how == REPLY_OPEN_STREAM)
		answer.open_flags |= FOPEN_NONSEEKABLE | FOPEN_STREAM |
				     FOPEN_PARALLEL_DIRECT_WRITES;
	PROBE_REPLY_OUT(req, 0, 0);
	return done("open",
		    fuse_reply_buf(req, (const char *)&answer, sizeof(answer)));
}

void reply_statfs(fuse_req_t req, const struct statvfs *statistics)
{
	PROBE_REPLY_OUT(req, 0, 0);
	done("statfs", fuse_reply_statfs(req, statistics));
}

void reply_poll(fuse_req_t req, unsigned int events)
{
	PROBE_REPLY_OUT(req, 0, 0);
	done("poll", fuse_reply_poll(req, events));
}
