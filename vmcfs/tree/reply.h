/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reply: answers every request, and connects the session to the kernel. It does not
 * decide the answer.
 *
 * The kernel refuses an errno above 511, and more bytes than were requested;
 * the caller would hang. These functions never send either.
 */
#ifndef VMCFS_REPLY_H
#define VMCFS_REPLY_H

#include <glib.h>

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include "../notice.h"

/* Kind of an open file for the kernel. */
enum reply_open {
	REPLY_OPEN_PLAIN,  /* reads have offsets */
	REPLY_OPEN_STREAM, /* no offsets; reads and writes may overlap */
};

/**
 * reply_connect() - let a session use a connection
 * @session: not mounted yet
 * @connection: descriptor of /dev/fuse with a mount; it belongs to the session
 *	afterwards, unless an error is returned
 *
 * Return: 0; -EBADF if @connection is negative; -ENOMEM.
 */
int reply_connect(struct fuse_session *session, int connection);

/**
 * reply_caller() - identify the process that waits for an answer
 * @req: not answered yet
 *
 * Return: its user and process ID, as this process sees them.
 */
struct caller reply_caller(fuse_req_t req);

/**
 * reply_error() - answer with an error
 * @req: answered
 * @error: negative errno; 0 answers a request that has no other result
 */
void reply_error(fuse_req_t req, int error);

/**
 * reply_data() - answer a read
 * @req: answered
 * @data: @len bytes
 * @len: bytes available
 * @size: bytes requested; at most as many are sent
 *
 * Return: TRUE if the caller received them; FALSE if it is gone.
 */
gboolean reply_data(fuse_req_t req, gconstpointer data, gsize len, gsize size);

/**
 * reply_written() - answer a write
 * @req: answered
 * @len: length of the write in bytes
 */
void reply_written(fuse_req_t req, gsize len);

/**
 * reply_attributes() - answer a stat
 * @req: answered
 * @attributes: current attributes
 * @timeout_s: seconds for which the kernel may cache them
 */
void reply_attributes(fuse_req_t req, const struct stat *attributes,
		      double timeout_s);

/**
 * reply_entry() - answer a lookup
 * @req: answered
 * @id: number of the node in later requests
 * @attributes: attributes of the node
 * @entry_timeout_s: seconds for which the kernel may cache the name
 * @timeout_s: seconds for which it may cache the attributes
 */
void reply_entry(fuse_req_t req, guint64 id, const struct stat *attributes,
		 double entry_timeout_s, double timeout_s);

/**
 * reply_opened() - answer an open
 * @req: answered
 * @handle: value that later requests for the file carry
 * @how: kind of the open file
 *
 * Return: TRUE if the file is open; FALSE if the caller is gone and no release
 * follows.
 */
gboolean reply_opened(fuse_req_t req, gpointer handle, enum reply_open how);

/**
 * reply_statfs() - answer a statfs
 * @req: answered
 * @statistics: statistics of the mount
 */
void reply_statfs(fuse_req_t req, const struct statvfs *statistics);

/**
 * reply_poll() - answer a poll
 * @req: answered
 * @events: current POLL bits
 */
void reply_poll(fuse_req_t req, unsigned int events);

#endif
