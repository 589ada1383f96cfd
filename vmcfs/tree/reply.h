/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way out: every request is answered here. The kernel refuses an
 * errno above 511 and more bytes than were asked for, and then leaves the
 * caller hanging: nothing of that kind gets past this file.
 */
#ifndef VMCFS_REPLY_H
#define VMCFS_REPLY_H

#include <glib.h>

#include "fuse.h"

/* Flags of an open reply (linux/fuse.h), as they are combined here. */
enum reply_open {
	REPLY_OPEN_PLAIN,  /* reads have offsets */
	REPLY_OPEN_STREAM, /* reads and writes have none, and may overlap */
};

/**
 * reply_error() - the request failed
 * @req: answered by this
 * @error: negative errno; 0 answers a request that wants no more than success
 */
void reply_error(fuse_req_t req, int error);

/**
 * reply_data() - a read's bytes
 * @req: answered by this
 * @data: @len bytes
 * @len: what there is
 * @size: what was asked for; no more than that is sent
 *
 * Return: TRUE if the caller got them; FALSE if it is gone.
 */
gboolean reply_data(fuse_req_t req, gconstpointer data, gsize len, gsize size);

/**
 * reply_written() - a write's success
 * @req: answered by this
 * @len: what was written, all of it
 */
void reply_written(fuse_req_t req, gsize len);

/**
 * reply_attributes() - a stat's answer
 * @req: answered by this
 * @attributes: as they are now
 * @timeout_s: how long the kernel may keep them
 */
void reply_attributes(fuse_req_t req, const struct stat *attributes,
		      double timeout_s);

/**
 * reply_entry() - answer a lookup
 * @req: answered by this
 * @id: number of the node in later requests
 * @attributes: of what was found
 * @entry_timeout_s: how long the kernel may keep the name
 * @timeout_s: how long it may keep the attributes
 */
void reply_entry(fuse_req_t req, guint64 id, const struct stat *attributes,
		 double entry_timeout_s, double timeout_s);

/**
 * reply_opened() - an open's success
 * @req: answered by this
 * @handle: what the file is known by from now on
 * @how: what reads and writes of it are like
 *
 * Return: TRUE if the file is open; FALSE if the caller is gone, and no
 * release will follow.
 */
gboolean reply_opened(fuse_req_t req, gpointer handle, enum reply_open how);

/**
 * reply_statfs() - what df shows
 * @req: answered by this
 * @statistics: of the mount
 */
void reply_statfs(fuse_req_t req, const struct statvfs *statistics);

/**
 * reply_poll() - what is possible now
 * @req: answered by this
 * @events: POLL bits
 */
void reply_poll(fuse_req_t req, unsigned int events);

#endif
